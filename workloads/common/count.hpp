// Counts on the command line: 1048576, 2^20, 1<<20, 500k, 16M.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/command_line.hpp"

namespace workloads {

/// \return nothing if \p text is no count or does not fit 64 bits; k is 1000, M is 1000 k
std::optional<std::uint64_t> parse_count(std::string_view text);

struct CountOption {
  std::string name;  ///< as in "--updates"
  std::string help;
  std::uint64_t min = 0;
  std::uint64_t max = ~std::uint64_t{0};
};

/// Adds an option that sets \p value, whose present value is the default; \p value must outlive
/// the parsing.
Option add_count(CommandLine& app, const CountOption& option, std::uint64_t& value);

}  // namespace workloads
