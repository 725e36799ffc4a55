#include "tools/bench/bench_report.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/sandbox.hpp"
#include "tools/bench/bench_records.hpp"
#include "tools/bench/bench_table.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using testing::make_record;

/// Three pairs: host takes 4, 6, 10 s, engine 2, 4, 4 s, alltoallv 1 s.
std::vector<Record> three_pairs() {
  const double host[] = {4, 6, 10};
  const double engine[] = {2, 4, 4};
  std::vector<Record> records;
  for (int pair = 0; pair < 3; ++pair) {
    records.push_back(make_record(Contender::host, pair, host[pair]));
    records.push_back(make_record(Contender::engine, pair, engine[pair]));
    records.push_back(make_record(Contender::alltoallv, pair, 1));
  }
  return records;
}

Summary three_pair_summary() {
  return summarize("histogram", {Contender::host, Contender::engine, Contender::alltoallv},
                   three_pairs());
}

TEST(BenchSummary, speedup_compares_pair_by_pair) {
  const Summary summary = three_pair_summary();
  ASSERT_TRUE(summary.speedup_offload.has_value());
  const measure::RatioInterval& speedup = summary.speedup_offload->figures.speedup;
  EXPECT_NEAR(speedup.estimate, std::cbrt(2 * 1.5 * 2.5), 1e-12);
  EXPECT_LT(speedup.low, 1.5);
  EXPECT_GT(speedup.high, 2.5);
  EXPECT_EQ(summary.pairs, 3);
}

TEST(BenchSummary, every_two_contenders_are_compared_once) {
  const Summary summary = three_pair_summary();
  std::vector<std::string> pairs;
  for (const ComparedPair& pair : summary.comparisons) {
    pairs.push_back(pair.figures.of + " over " + pair.figures.over);
  }
  EXPECT_EQ(pairs, (std::vector<std::string>{"host over alltoallv", "engine over alltoallv",
                                             "engine over host"}));
  const Json json = summary.to_json()["comparisons"];
  ASSERT_EQ(json.size(), 3U);
  EXPECT_EQ(json[2]["of"], "engine");
  EXPECT_EQ(json[2]["over"], "host");
  EXPECT_EQ(json[2]["level"], 0.95);
  EXPECT_EQ(json[2]["pairs"], 3);
  EXPECT_EQ(json[2]["outcome"], "undecided");
  EXPECT_NEAR(json[2]["speedup"].get<double>(), 1.957, 1e-3);
}

// The engine is never slower than the ranks that share their CPUs with it, by 10 %.
TEST(BenchSummary, headline_without_host_is_the_first_that_offloads) {
  std::vector<Record> records;
  for (int pair = 0; pair < 3; ++pair) {
    records.push_back(make_record(Contender::dpu, pair, 1.2));
    records.push_back(make_record(Contender::shared, pair, 1.1));
    records.push_back(make_record(Contender::engine, pair, 1.0));
  }
  const Summary summary =
      summarize("a", {Contender::dpu, Contender::shared, Contender::engine}, records);
  EXPECT_EQ(summary.speedup_offload->of, Contender::engine);
  EXPECT_EQ(summary.speedup_offload->over, Contender::shared);
  EXPECT_EQ(summary.verdict->text.find("Offloading pays for a: engine is 1.10 times"), 0U);
  EXPECT_EQ(summary.comparisons.size(), 3U);
  const ComparedPair& last = summary.comparisons.back();
  EXPECT_EQ(last.verdict.text.find("dpu over engine, a: does not pay: dpu is 0.83 times"), 0U)
      << last.verdict.text;
}

TEST(BenchSummary, noise_is_what_runs_differ_by) {
  const Summary summary = three_pair_summary();
  EXPECT_NEAR(summary.noise.runs.at("host"), 0.46, 0.01);
  EXPECT_EQ(summary.noise.runs.at("alltoallv"), 0);
  EXPECT_GT(*summary.noise.pairs, 0.2);
  EXPECT_EQ(summary.noise.cpu_share, 1);
  const std::string table = format_table(summary, "2 ranks");
  EXPECT_NE(table.find("noise              runs differ by 4"), std::string::npos) << table;
  EXPECT_NE(table.find("the jobs got 100.0 % of the CPU time"), std::string::npos) << table;
}

TEST(BenchSummary, yardstick_is_compared_with_every_other_contender) {
  const Summary summary = three_pair_summary();
  EXPECT_DOUBLE_EQ(summary.contenders[0].ratio_to_alltoallv->median, 1.0 / 6);
  EXPECT_DOUBLE_EQ(summary.contenders[1].ratio_to_alltoallv->median, 0.25);
  EXPECT_FALSE(summary.contenders[2].ratio_to_alltoallv.has_value());
}

TEST(BenchSummary, one_placement_alone_has_nothing_to_compare) {
  const Summary summary =
      summarize("histogram", {Contender::host}, {make_record(Contender::host, 0, 1)});
  EXPECT_FALSE(summary.speedup_offload.has_value());
  EXPECT_TRUE(summary.to_json()["speedup_offload"].is_null());
}

TEST(BenchReport, has_schema_machine_results_and_summary) {
  const Json report =
      bench_report(describe_machine(), {.before_ns = 150, .after_ns = {}}, {"buddy", "bench"},
                   {{.summary = three_pair_summary(), .records = three_pairs()}}, nullptr, false);
  EXPECT_EQ(report["schema"], "buddy.bench.v1");
  EXPECT_EQ(report["command"], Json({"buddy", "bench"}));
  EXPECT_EQ(report["results"].size(), 9u);
  for (const char* key :
       {"host_name", "cpu_model", "cores", "memory_bytes", "kernel", "compiler", "buddy_version"}) {
    EXPECT_TRUE(report["machine"].contains(key)) << key;
  }
  EXPECT_EQ(report["machine"]["core_distance_ns"]["before"], 150);
  EXPECT_TRUE(report["machine"]["core_distance_ns"]["after"].is_null());
  const Json& summary = report["summary"]["histogram"];
  EXPECT_EQ(summary["speedup_offload"]["of"], "engine");
  EXPECT_EQ(summary["speedup_offload"]["median"], 2);
  EXPECT_EQ(summary["speedup_offload"]["min"], 1.5);
  EXPECT_EQ(summary["speedup_offload"]["max"], 2.5);
  EXPECT_EQ(summary["medians"]["host"]["seconds"]["median"], 6);
}

TEST(BenchTable, shows_times_that_the_workload_measured) {
  std::vector<Record> records;
  for (const double us : {1.5, 1.0, 2.5}) {
    records.push_back(make_record(Contender::host, static_cast<int>(records.size()), 1));
    (*records.back().measured)["details"]["round_trip_us"] = us;
  }
  const std::string table =
      format_table(summarize("latency", {Contender::host}, records), "2 ranks");
  EXPECT_NE(table.find("round trip 1.50 [1.00..2.50] us"), std::string::npos) << table;
  EXPECT_EQ(format_table(three_pair_summary(), "2 ranks").find("] us"), std::string::npos);
}

// "5.24 [5.24..5.24]" looks as if it were certain.
TEST(BenchTable, gives_one_pair_no_range) {
  const std::vector<Record> records = {make_record(Contender::host, 0, 2),
                                       make_record(Contender::engine, 0, 1)};
  const std::string table = format_table(
      summarize("histogram", {Contender::host, Contender::engine}, records), "2 ranks");
  EXPECT_NE(table.find("speedup_offload    2.00  (host seconds / engine seconds, one pair)"),
            std::string::npos)
      << table;
  EXPECT_EQ(table.rfind(".."), table.rfind("..max]")) << table;
}

TEST(BenchTable, shows_medians_with_their_range) {
  const std::string table = format_table(three_pair_summary(), "2 ranks");
  for (const char* part : {"histogram: 2 ranks; 3 runs each", "6.00 [4.00..10.0]",
                           "speedup_offload    1.96  95 % interval 1.04 to 3.70",
                           "engine over host", "undecided: run longer", "alltoallv", "ns/msg"}) {
    EXPECT_NE(table.find(part), std::string::npos) << part << " is not in\n" << table;
  }
}

}  // namespace
}  // namespace buddy::tools
