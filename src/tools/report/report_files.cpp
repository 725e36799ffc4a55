#include "tools/report/report_files.hpp"

#include <fmt/core.h>

#include "tools/bench/bench_report.hpp"
#include "tools/report/html_page.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {

Status ReportFiles::check() const {
  if (!json.empty() && json == html) {
    return {ErrorCode::invalid_argument,
            fmt::format("the report and its page cannot both be {} (one would replace the other) "
                        "choose another file after --html",
                        json)};
  }
  Status status = json.empty() ? Status() : check_writable(json);
  return !status.ok() || html.empty() ? status : check_html(html);
}

Status ReportFiles::write(const Json& report) const {
  Status status = json.empty() ? Status() : write_report(report, json);
  return !status.ok() || html.empty() ? status : write_html(report, html);
}

void add_report_options(Parser app, ReportFiles& files, const std::string& what) {
  app.add_option("--json", files.json, "where " + what + " goes; - is stdout").type_name("FILE");
  app.add_option("--html", files.html, "where a page with charts goes").type_name("FILE");
}

}  // namespace buddy::tools
