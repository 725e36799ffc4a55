// The one-line files of /sys and /proc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace buddy {

/// Content of a file without the white space at its end; nothing if it cannot be read.
std::optional<std::string> read_small_file(const std::string& path);
/// Writes \p text in one go, as files of /sys and resctrl want it.
/// Errors: system, with the path and why.
Status write_small_file(const std::string& path, const std::string& text);
/// Names in a folder, sorted; empty if it cannot be read.
std::vector<std::string> names_in(const std::string& folder);

/// "18", "0x1f"; nothing unless all of \p text is a number.
std::optional<std::uint64_t> parse_number(std::string_view text);
/// "0-2,8": numbers and ranges; empty for anything else.
std::vector<int> parse_numbers(std::string_view list);
/// Parts of \p text between separators.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace buddy
