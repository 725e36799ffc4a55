// docs/formats/bench_json.md names every key of a report, in the order in which they are written.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/markdown.hpp"
#include "tools/bench/bench_records.hpp"
#include "tools/bench/bench_report.hpp"
#include "tools/bench/paper_table.hpp"
#include "tools/documented_keys.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Page;
using testing::Keys;
using testing::keys_of;

Json report() {
  const std::vector<Contender> contenders = {Contender::host, Contender::engine};
  const std::vector<Record> records = {testing::make_record(Contender::host, 0, 2),
                                       testing::make_record(Contender::engine, 0, 1)};
  return bench_report(
      describe_machine(), {.before_ns = 100, .after_ns = 100}, {"buddy", "bench"},
      {{.summary = summarize("histogram", contenders, records), .records = records}}, nullptr,
      true);
}

TEST(BenchJsonDocs, name_all_keys) {
  const Page page("formats/bench_json.md");
  const Json written = report();
  EXPECT_EQ(testing::documented_keys(page.section("Report")), keys_of(written));
  EXPECT_EQ(testing::documented_keys(page.section("`machine`")), keys_of(written["machine"]));
  EXPECT_EQ(testing::documented_keys(page.section("`results`")), keys_of(written["results"][0]));
  const Json& summary = written["summary"]["histogram"];
  EXPECT_EQ(testing::documented_keys(page.section("`summary`")), keys_of(summary));
}

TEST(BenchJsonDocs, name_all_figures_of_the_papers_table) {
  const std::vector<Contender> contenders = {Contender::host, Contender::engine};
  const std::vector<Record> records = {testing::make_record(Contender::host, 0, 2),
                                       testing::make_record(Contender::engine, 0, 1)};
  const Json paper = paper_json({.entries = {{"histogram", {}, "1.05"}}},
                                {{summarize("histogram", contenders, records), records}});
  const std::vector<std::string> lines = Page("formats/bench_json.md").section("`paper`");
  const auto keys_from = [&](const std::string& line) {
    const auto start = std::find_if(lines.begin(), lines.end(),
                                    [&](const auto& one) { return one.starts_with(line); });
    return testing::documented_keys({start, lines.end()});
  };
  EXPECT_EQ(keys_from("What"), keys_of(paper));
  EXPECT_EQ(keys_from("An application"), keys_of(paper["applications"][0]));
  EXPECT_EQ(keys_from("A place"), keys_of(paper["applications"][0]["places"][0]));
}

TEST(BenchJsonDocs, name_all_figures_of_the_summary) {
  std::vector<std::string> lines = Page("formats/bench_json.md").section("`summary`");
  const auto second = std::find(lines.begin(), lines.end(), "An entry of `medians`:");
  ASSERT_NE(second, lines.end());
  EXPECT_EQ(testing::documented_keys({second, lines.end()}),
            keys_of(report()["summary"]["histogram"]["medians"]["host"]));
}

TEST(BenchJsonDocs, name_all_keys_of_a_comparison) {
  std::vector<std::string> lines = Page("formats/bench_json.md").section("`summary`");
  const auto third = std::find(lines.begin(), lines.end(), "A comparison:");
  ASSERT_NE(third, lines.end());
  const Json summary = report()["summary"]["histogram"];
  const Keys keys = testing::documented_keys({third, lines.end()});
  EXPECT_EQ(keys, keys_of(summary["comparisons"][0]));
  EXPECT_EQ(keys, keys_of(summary["speedup_offload"]));
}

}  // namespace
}  // namespace buddy::tools
