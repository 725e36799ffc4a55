// Pieces of Markdown. Nothing that a document holds is taken for markup.
#pragma once

#include <string>
#include <vector>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

using MarkdownRow = std::vector<std::string>;

/// What stands where nothing was measured.
inline constexpr const char* dash = "-";

/// A table; without rows a line that says that nothing was measured.
std::string markdown_table(const MarkdownRow& head, const std::vector<MarkdownRow>& rows);

/// A text of a document, in a table or between words; a dash if it is none.
std::string markdown_text(const Json& value);
/// A command line.
std::string markdown_code(const std::string& line);
/// A number with so many digits behind the point, or a dash.
std::string markdown_number(const Json& value, int digits);
std::string markdown_percent(const Json& value);
/// "1.55 [1.41, 1.60]": a figure and its interval, or a dash.
std::string markdown_interval(const Json& middle, const Json& low, const Json& high);

}  // namespace buddy::tools
