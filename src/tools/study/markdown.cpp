#include "tools/study/markdown.hpp"

#include <fmt/format.h>

#include <string_view>

#include "tools/command/command.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

std::string row_of(const MarkdownRow& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

}  // namespace

std::string markdown_table(const MarkdownRow& head, const std::vector<MarkdownRow>& rows) {
  if (rows.empty()) return "Not measured yet.\n";
  std::string text = row_of(head) + row_of(MarkdownRow(head.size(), "---"));
  for (const MarkdownRow& row : rows) text += row_of(row);
  return text;
}

std::string markdown_text(const Json& value) {
  if (value.is_null()) return dash;
  const std::string plain =
      one_line(value.is_string() ? value.get<std::string>()
                                 : value.dump(-1, ' ', true, Json::error_handler_t::replace));
  std::string text;
  for (const char c : plain) {
    if (std::string_view("\\`*_[]<>|#&").find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

std::string markdown_code(const std::string& line) {
  std::string text = one_line(line);
  for (char& c : text) {
    if (c == '`') c = '\'';
  }
  return '`' + text + '`';
}

std::string markdown_number(const Json& value, int digits) {
  return value.is_number() ? fmt::format("{:.{}f}", value.get<double>(), digits) : dash;
}

std::string markdown_percent(const Json& value) {
  return value.is_number() ? fmt::format("{:.0f} %", value.get<double>() * 100) : dash;
}

std::string markdown_interval(const Json& middle, const Json& low, const Json& high) {
  if (!middle.is_number()) return dash;
  if (!low.is_number() || !high.is_number()) return markdown_number(middle, 2);
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", middle.get<double>(), low.get<double>(),
                     high.get<double>());
}

}  // namespace buddy::tools
