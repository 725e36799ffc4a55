#include "tools/report/html_page.hpp"

#include <fmt/core.h>

#include <vector>

#include "tools/report/json.hpp"
#include "tools/report/output_file.hpp"
#include "tools/report/page_template.hpp"

namespace buddy::tools {
namespace {

Status cannot_write(const std::string& path, const std::string& why, const char* what_to_do) {
  return {ErrorCode::system,
          fmt::format("cannot write the page {} ({}) {}", path, why, what_to_do)};
}

/// What no other file could change.
Status check_page(const std::string& path) {
  if (page_template().before.empty()) {
    return cannot_write(path, "this buddy was built without pages",
                        "take --json instead, or build with npm installed and -DBUDDY_HTML=ON");
  }
  if (path == "-") {
    return cannot_write(path, "a page goes to a file", "name one, like --html report.html");
  }
  return {};
}

}  // namespace

std::string embedded(const Json& document) {
  const std::string json = document.dump(-1, ' ', true, Json::error_handler_t::replace);
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    // Only strings hold these, so that an escape can replace them. Everything that is not ASCII,
    // the line separators of JavaScript included, has been escaped already.
    switch (c) {
      case '<': text += "\\u003c"; break;
      case '>': text += "\\u003e"; break;
      case '&': text += "\\u0026"; break;
      default: text += c;
    }
  }
  return text;
}

Status check_html(const std::string& path) {
  const Status page = check_page(path);
  return page.ok() ? OutputFile{path, "choose another file after --html"}.check() : page;
}

Status write_html(const Json& document, const std::string& path, std::string_view advice) {
  const Status page = check_page(path);
  if (!page.ok()) return page;
  const PageTemplate around = page_template();
  const std::string middle = embedded(document);
  std::vector<std::string_view> parts(around.before.begin(), around.before.end());
  parts.emplace_back(middle);
  parts.insert(parts.end(), around.after.begin(), around.after.end());
  return OutputFile{path, advice}.write(parts);
}

}  // namespace buddy::tools
