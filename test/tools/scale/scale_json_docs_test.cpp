// docs/formats/scale_json.md names every key of a report, in the order in which they are written.
#include <gtest/gtest.h>

#include "support/markdown.hpp"
#include "tools/documented_keys.hpp"
#include "tools/report/json.hpp"
#include "tools/scale/scale_report.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Page;
using testing::documented_keys;
using testing::keys_of;

ScaleResult result_of(Routing routing, double seconds, double packets) {
  ScaleResult result;
  result.job.agents = 64;
  result.routing = result.job.routing = routing;
  result.seconds = seconds;
  result.packets = {packets, packets};
  result.verified = true;
  return result;
}

ScaleReport report() {
  ScaleReport report;
  report.results = {result_of(Routing::direct, 0.003, 900), result_of(Routing::grid, 0.002, 100)};
  report.paper = sizes_on_paper(report.results[0].job);
  return report;
}

TEST(ScaleJsonDocs, name_all_keys) {
  const Page page("formats/scale_json.md");
  const Json written = scale_report(report(), describe_machine(), {"buddy", "bench", "scale"});
  EXPECT_EQ(documented_keys(page.section("Report of simulated jobs")), keys_of(written));
  EXPECT_EQ(documented_keys(page.section("`model`")), keys_of(written["model"]));
  EXPECT_EQ(documented_keys(page.section("An entry of `results`")), keys_of(written["results"][0]));
  EXPECT_EQ(documented_keys(page.section("`memory`")), keys_of(written["results"][0]["memory"]));
  EXPECT_EQ(documented_keys(page.section("`barrier`")), keys_of(written["results"][0]["barrier"]));
  EXPECT_EQ(documented_keys(page.section("An entry of `comparisons`")),
            keys_of(written["comparisons"][0]));
  EXPECT_EQ(documented_keys(page.section("An entry of `paper`")), keys_of(written["paper"][0]));
}

TEST(ScaleReport, compares_the_routings_of_each_job) {
  const ScaleReport both = report();
  const auto pairs = compare(both.results);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].packets(), 9);
  EXPECT_EQ(pairs[0].seconds(), 1.5);
  EXPECT_EQ(pairs[0].fastest->routing, Routing::grid);
  ASSERT_NE(pairs[0].chosen, nullptr);
  EXPECT_NEAR(*pairs[0].behind(), pairs[0].automatic == Routing::direct ? 0.5 : 0, 1e-9);
  EXPECT_NE(scale_answer(both).find("9.0 to 9.0 times fewer packets"), std::string::npos);
}

TEST(ScaleReport, of_one_routing_alone_compares_nothing) {
  ScaleReport alone = report();
  alone.results.pop_back();
  EXPECT_TRUE(compare(alone.results).empty());
  EXPECT_NE(scale_answer(alone).find("none in direct and grid"), std::string::npos);
  EXPECT_NE(format_scale(alone).find("65536"), std::string::npos) << "on paper";
}

TEST(ScaleReport, says_what_was_not_verified) {
  ScaleReport wrong = report();
  wrong.results[1].verified = false;
  EXPECT_NE(format_scale(wrong).find("  NO\n"), std::string::npos);
}

}  // namespace
}  // namespace buddy::tools
