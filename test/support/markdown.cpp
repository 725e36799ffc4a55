#include "support/markdown.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace buddy::testing {
namespace {

bool is_heading(const std::string& line) { return line.starts_with('#'); }

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// "1,024" means 1024; other commas stay.
std::string plain(const std::string& cell) {
  std::string text;
  for (const char c : trimmed(cell)) {
    if (c != '`') text += c;
  }
  const bool is_number = text.find_first_not_of("0123456789,") == std::string::npos;
  if (is_number) std::erase(text, ',');
  return text;
}

Row cells_of(const std::string& line) {
  Row cells;
  for (std::size_t at = 1; at < line.size();) {
    const std::size_t end = std::min(line.find('|', at), line.size());
    cells.push_back(plain(line.substr(at, end - at)));
    at = end + 1;
  }
  return cells;
}

}  // namespace

Page::Page(const std::string& path) {
  const char* source = std::getenv("BUDDY_SOURCE_DIR");
  const std::string file_name = (source != nullptr ? std::string(source) : ".") + "/docs/" + path;
  std::ifstream file(file_name);
  if (!file) throw std::runtime_error("cannot read " + file_name);
  for (std::string line; std::getline(file, line);) lines_.push_back(line);
}

std::vector<std::string> Page::section(const std::string& title) const {
  const auto begins = [&](const std::string& line) {
    return is_heading(line) && line.find(title) != std::string::npos;
  };
  const auto first = std::find_if(lines_.begin(), lines_.end(), begins);
  if (first == lines_.end()) return {};
  return {first + 1, std::find_if(first + 1, lines_.end(), is_heading)};
}

std::string Page::heading(const std::string& title) const {
  for (const std::string& line : lines_) {
    if (is_heading(line) && line.find(title) != std::string::npos) {
      return trimmed(line.substr(line.find_first_not_of('#')));
    }
  }
  return {};
}

Row first_header(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (line.starts_with('|')) return cells_of(line);
  }
  return {};
}

std::vector<Row> first_table(const std::vector<std::string>& lines) {
  const auto in_table = [](const std::string& line) { return line.starts_with('|'); };
  auto line = std::find_if(lines.begin(), lines.end(), in_table);
  std::vector<Row> rows;
  for (int skipped = 0; line != lines.end() && in_table(*line); ++line) {
    if (++skipped > 2) rows.push_back(cells_of(*line));  // header and rule
  }
  return rows;
}

std::vector<std::string> first_block(const std::vector<std::string>& lines) {
  const auto is_fence = [](const std::string& line) { return line.starts_with("```"); };
  const auto begin = std::find_if(lines.begin(), lines.end(), is_fence);
  if (begin == lines.end()) return {};
  return {begin + 1, std::find_if(begin + 1, lines.end(), is_fence)};
}

}  // namespace buddy::testing
