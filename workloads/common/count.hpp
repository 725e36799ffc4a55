// Numbers on the command line: counts (1048576, 2^20, 1<<20, 500k, 16M, 4Ki) and bytes (64K, 1GiB).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/command_line.hpp"

namespace workloads {

/// \return nothing if \p text is no count or does not fit 64 bits. Of counts k and K are 1000 and
/// Ki is 1024; M, G and T follow.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// The same for bytes, of which k, K, Ki, KB and KiB are 1024.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

struct CountOption {
  std::string name;  ///< as in "--updates"
  std::string help;
  std::uint64_t min = 0;
  std::uint64_t max = ~std::uint64_t{0};
};

/// Adds an option that sets \p value, whose present value is the default; \p value must outlive
/// the parsing.
Option add_count(CommandLine& app, const CountOption& option, std::uint64_t& value);
/// The same for a number of bytes.
Option add_bytes(CommandLine& app, const CountOption& option, std::uint64_t& value);

}  // namespace workloads
