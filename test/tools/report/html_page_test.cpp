// Pages hold their document, whatever is in it, and nothing of it becomes HTML.
#include "tools/report/html_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/sandbox.hpp"
#include "tools/report/json.hpp"
#include "tools/report/page_template.hpp"

namespace buddy::tools {
namespace {

using Json = nlohmann::ordered_json;
using buddy::testing::Sandbox;

std::string joined(std::span<const std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(HtmlPage, embedded_document_cannot_leave_its_element) {
  const Json document = {{"</script><script>alert(1)</script>", "<!--<script> ]]> & &lt;"}};
  const std::string text = embedded(document);
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos) << text;
  EXPECT_EQ(Json::parse(text), document);
}

TEST(HtmlPage, embedded_document_is_one_line_of_ascii) {
  const Json document = {{"text", "line\n\u2028\u2029 \u00e9 \U0001F680 \x01"}};
  const std::string text = embedded(document);
  EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }))
      << text;
  EXPECT_EQ(Json::parse(text), document);
}

TEST(HtmlPage, bytes_that_are_not_utf8_do_no_harm) {
  EXPECT_EQ(Json::parse(embedded({{"command", {"caf\xe9", "\xff\xfe"}}}))["command"][0],
            "caf\uFFFD");
}

TEST(HtmlPage, figures_that_are_none_are_null) {
  const Json document = {{"a", std::numeric_limits<double>::infinity()}, {"b", std::nan("")}};
  EXPECT_EQ(embedded(document), R"({"a":null,"b":null})");
}

TEST(HtmlPage, template_loads_nothing) {
  const std::string page = joined(page_template().before) + joined(page_template().after);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const char* part : {"<link rel=\"stylesheet", " src=\"", "@import", "url(http"}) {
    EXPECT_EQ(page.find(part), std::string::npos) << part;
  }
}

TEST(HtmlPage, page_keeps_the_licences_of_what_is_in_it) {
  const std::string page = joined(page_template().before) + joined(page_template().after);
  for (const char* package : {"@observablehq/plot", "d3-array", "d3-scale"}) {
    EXPECT_NE(page.find(package), std::string::npos) << package;
  }
  EXPECT_GE(count(page, "Permission to use, copy, modify"), 10);
}

TEST(HtmlPage, is_written_around_its_document) {
  const Sandbox sandbox;
  const Json document = {{"schema", "buddy.bench.v1"}, {"text", "</script>"}};
  ASSERT_TRUE(write_html(document, sandbox.path("page.html")).ok());
  EXPECT_EQ(sandbox.read("page.html"),
            joined(page_template().before) + embedded(document) + joined(page_template().after));
}

TEST(HtmlPage, file_that_cannot_be_written_is_named_with_the_reason) {
  const Sandbox sandbox;
  const std::string path = sandbox.path("no/such/page.html");
  for (const Status& status : {check_html(path), write_html({}, path)}) {
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.message().find(path + " (No such file"), std::string::npos)
        << status.message();
  }
  EXPECT_TRUE(check_html(sandbox.path("page.html")).ok());
  EXPECT_FALSE(write_html({}, "/dev/full").ok());
}

TEST(HtmlPage, does_not_go_to_stdout) { EXPECT_FALSE(check_html("-").ok()); }

}  // namespace
}  // namespace buddy::tools
