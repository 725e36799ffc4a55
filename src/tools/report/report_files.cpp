#include "tools/report/report_files.hpp"

#include <fmt/core.h>

#include "tools/report/html_page.hpp"
#include "tools/report/json.hpp"
#include "tools/report/output_file.hpp"

namespace buddy::tools {
namespace {

OutputFile json_file(const ReportFiles& files) {
  return {files.json, "choose another file after --json"};
}

}  // namespace

Status ReportFiles::check() const {
  const bool both_stdout = json_file(*this).is_stdout() && OutputFile{html, {}}.is_stdout();
  if (!json.empty() && (json == html || both_stdout)) {
    return {ErrorCode::invalid_argument,
            fmt::format("the report and its page cannot both be {} (one would replace the other) "
                        "choose another file after --html",
                        json)};
  }
  Status status = json.empty() ? Status() : json_file(*this).check();
  return !status.ok() || html.empty() ? status : check_html(html);
}

Status ReportFiles::write(const Json& report) const {
  Status status = json.empty() ? Status() : json_file(*this).write(report_text(report));
  return !status.ok() || html.empty() ? status : write_html(report, html);
}

std::FILE* ReportFiles::text() const { return json_file(*this).is_stdout() ? stderr : stdout; }

std::string report_text(const Json& report) {
  return report.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

void add_report_options(Parser app, ReportFiles& files, const std::string& what) {
  app.add_option("--json", files.json, "where " + what + " goes; - is stdout").type_name("FILE");
  app.add_option("--html", files.html, "where a page with charts goes").type_name("FILE");
}

}  // namespace buddy::tools
