#include "tools/report/report_files.hpp"

#include <fmt/core.h>

#include <filesystem>

#include "tools/report/html_page.hpp"
#include "tools/report/json.hpp"
#include "tools/report/output_file.hpp"

namespace buddy::tools {
namespace {

OutputFile json_file(const ReportFiles& files) {
  return {files.json, "choose another file after --json"};
}

/// Whether two names, neither of them empty, mean one file. Devices and pipes are none: nothing in
/// them is replaced.
bool is_one_file(const std::string& one, const std::string& other) {
  std::error_code error;
  const auto kind = std::filesystem::status(one, error).type();
  using Kind = std::filesystem::file_type;
  if (kind != Kind::regular && kind != Kind::not_found) return false;
  if (std::filesystem::equivalent(one, other, error)) return true;
  const auto real = [&error](const std::string& name) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(name, error), error);
  };
  return real(one) == real(other);
}

/// \param word a name, or an option with one: --input=FILE
bool is_read(const std::string& file, const std::string& word) {
  const std::string name = word.starts_with('-') ? word.substr(word.find('=') + 1) : word;
  std::error_code error;
  return std::filesystem::is_regular_file(name, error) && is_one_file(file, name);
}

}  // namespace

Status ReportFiles::check(const std::vector<std::string>& inputs) const {
  for (const auto& [file, option] : {std::pair(json, "--json"), std::pair(html, "--html")}) {
    for (const std::string& input : inputs) {
      if (file.empty() || !is_read(file, input)) continue;
      return {ErrorCode::invalid_argument,
              fmt::format("{} would be replaced (it is read) choose another file after {}", file,
                          option)};
    }
  }
  const bool both_stdout = json_file(*this).is_stdout() && OutputFile{html, {}}.is_stdout();
  const bool both_given = !json.empty() && !html.empty();
  if (both_given && (json == html || both_stdout || is_one_file(json, html))) {
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
