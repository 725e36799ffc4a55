// Writes the page of a document: write_page IN.json OUT.html ...; for the tests that open it.
#include <cstdio>
#include <fstream>

#include "tools/report/html_page.hpp"
#include "tools/report/json.hpp"

namespace {

int write_page(const char* in, const char* out) {
  std::ifstream file(in);
  const auto document = nlohmann::ordered_json::parse(file, nullptr, false);
  if (document.is_discarded()) {
    std::fprintf(stderr, "%s holds no JSON\n", in);
    return 1;
  }
  const auto written = buddy::tools::write_html(document, out);
  if (!written.ok()) std::fprintf(stderr, "%s\n", written.message().c_str());
  return written.ok() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    if (write_page(argv[i], argv[i + 1]) != 0) return 1;
  }
  return 0;
}
