// Where reports go: --json and --html.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "tools/command/parser.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// What the user asked for; empty: nothing.
struct ReportFiles {
  std::string json;
  std::string html;

  /// Fails early if a file cannot be written to, if both are one file, however it is spelt, or if
  /// one is also read. \param inputs names of files, or words of a command line that may be such
  Status check(const std::vector<std::string>& inputs = {}) const;
  Status write(const Json& report) const;
  /// Where text for people goes: with JSON on stdout, to stderr.
  std::FILE* text() const;
};

/// A report as it stands in a file. JSON holds UTF-8 only; what a command line or the name of a
/// host or a file has of other bytes becomes U+FFFD.
std::string report_text(const Json& report);

/// Adds --json and --html. \param what is written, like "the profile"
void add_report_options(Parser app, ReportFiles& files, const std::string& what);

}  // namespace buddy::tools
