// Reads the tables of docs/, so that tests can compare them with the code.
#pragma once

#include <string>
#include <vector>

namespace buddy::testing {

/// One file of docs/, as lines. Reads from $BUDDY_SOURCE_DIR, or the working directory.
class Page {
 public:
  /// \param path below docs/, such as "formats/frame.md"
  explicit Page(const std::string& path);

  /// Lines from the heading that contains \p title up to the next heading; empty if there is none.
  std::vector<std::string> section(const std::string& title) const;
  /// The heading itself, without the leading #.
  std::string heading(const std::string& title) const;

 private:
  std::vector<std::string> lines_;
};

using Row = std::vector<std::string>;

/// Cells of the first table among \p lines, its header left out; without backquotes, and without
/// the commas of numbers.
std::vector<Row> first_table(const std::vector<std::string>& lines);
/// Cells of that table's header.
Row first_header(const std::vector<std::string>& lines);

/// What lies between the first two lines that begin with ```; one line each.
std::vector<std::string> first_block(const std::vector<std::string>& lines);

}  // namespace buddy::testing
