// Options of a workload among the words of its command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace buddy::tools {

/// Where the value of an option stands: "--scale 18" or "--scale=18".
struct ValuePlace {
  std::size_t word = 0;
  std::size_t offset = 0;
};

/// Nothing if the option is not there, or has no value.
std::optional<ValuePlace> find_option(std::span<const std::string> words, std::string_view option);

/// Changes the value of the option; if it is not there, puts it at \p place.
void set_option(std::vector<std::string>& words, std::string_view option, std::uint64_t value,
                std::size_t place);

}  // namespace buddy::tools
