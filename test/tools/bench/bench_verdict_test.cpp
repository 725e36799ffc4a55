// Doubts about runs, and a benchmark's answer in one sentence.
#include "tools/bench/bench_verdict.hpp"

#include <gtest/gtest.h>

#include "tools/bench/bench_records.hpp"
#include "tools/bench/bench_report.hpp"
#include "tools/bench/bench_table.hpp"
#include "tools/bench/paper_suite.hpp"
#include "tools/bench/paper_table.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using testing::make_record;
using Records = std::vector<Record>;

/// Pairs in which the host takes \p host seconds and the engine one.
Records pairs(std::initializer_list<double> host) {
  Records records;
  for (const double seconds : host) {
    const int pair = static_cast<int>(records.size() / 2);
    records.push_back(make_record(Contender::host, pair, seconds));
    records.push_back(make_record(Contender::engine, pair, 1));
  }
  return records;
}

/// Others had the CPUs of one run. \param delay of its ranks, seconds; they used one second
void disturb(Record& record, double delay, double others) {
  (*record.measured)["host_cpu_seconds"] = 1;
  (*record.measured)["host_run_delay_seconds"] = delay;
  record.load.job.others_cpu_seconds = others;
}

Summary summary_of(const std::string& name, const Records& records) {
  return summarize(name, {Contender::host, Contender::engine}, records);
}

TEST(BenchVerdict, quiet_pairs_that_agree_give_a_verdict) {
  const Summary summary = summary_of("transport", pairs({1.5, 1.6, 1.55}));
  EXPECT_TRUE(summary.doubts.empty());
  EXPECT_EQ(
      summary.verdict->text,
      "Offloading pays for transport: engine is 1.55 times as fast as host (95 % interval 1.43 "
      "to 1.68, 3 pairs).");
}

// The ranks waited as long as they ran, and others used the CPUs meanwhile.
TEST(BenchVerdict, ranks_that_had_not_their_cpus_give_none) {
  Records records = pairs({1.5, 1.6, 1.55});
  for (Record& record : records) disturb(record, 1, 5);
  const Summary summary = summary_of("transport", records);
  EXPECT_EQ(summary.verdict->outcome, measure::Outcome::none);
  EXPECT_NE(summary.verdict->text.find("the ranks got 50 % of the CPU time that they asked for"),
            std::string::npos)
      << summary.verdict->text;
}

TEST(BenchVerdict, ranks_that_only_wait_for_one_another_give_one) {
  Records records = pairs({1.5, 1.6, 1.55});
  for (Record& record : records) disturb(record, 7, 0.02);
  EXPECT_EQ(summary_of("transport", records).verdict->outcome, measure::Outcome::pays);
}

TEST(BenchVerdict, engines_count_as_well) {
  Records records = pairs({1.5, 1.6, 1.55});
  for (Record& record : records) {
    if (record.step.contender != Contender::engine) continue;
    disturb(record, 0, 3);
    (*record.measured)["engine_cpu_seconds"] = 1;
    record.load.engine_run_delay_seconds = 5;
  }
  const Summary summary = summary_of("transport", records);
  EXPECT_NE(summary.verdict->text.find("the engines got 25 %"), std::string::npos)
      << summary.verdict->text;
}

TEST(BenchVerdict, short_runs_give_none) {
  Records records = {make_record(Contender::host, 0, 0.1), make_record(Contender::engine, 0, 0.02)};
  EXPECT_NE(summary_of("a", records).verdict->text.find("a run took 0.02 s"), std::string::npos);
}

TEST(BenchVerdict, quotas_give_none) {
  Records records = pairs({1.5, 1.6, 1.55});
  for (Record& record : records) {
    record.load.job.own_cpu_seconds = 1;
    record.load.job.throttled_cpu_seconds = 1;
  }
  const Summary summary = summary_of("transport", records);
  EXPECT_NE(summary.verdict->text.find("a quota left the job 50 %"), std::string::npos)
      << summary.verdict->text;
}

// It waits for ranks of its own job, and others have hardly anything.
TEST(BenchVerdict, engine_that_hardly_works_does_not_decide) {
  Records records = pairs({1.5, 1.6, 1.55});
  for (Record& record : records) {
    if (record.step.contender != Contender::engine) continue;
    disturb(record, 0.1, 0.1);
    (*record.measured)["engine_cpu_seconds"] = 0.05;
    record.load.engine_run_delay_seconds = 1;
  }
  EXPECT_EQ(summary_of("transport", records).verdict->outcome, measure::Outcome::pays);
}

TEST(BenchAnswer, names_the_greatest_gain_first) {
  const std::vector<Summary> summaries = {summary_of("a", pairs({1.1, 1.1, 1.1})),
                                          summary_of("b", pairs({1.5, 1.5, 1.5})),
                                          summary_of("c", pairs({0.9, 0.9, 0.9}))};
  EXPECT_EQ(bench_answer(summaries),
            "Offloading pays for 2 of 3 applications: b (1.50) and a (1.10).");
  EXPECT_EQ(bench_answer({summaries[2], summaries[2]}),
            "Offloading pays for none of 2 applications.");
}

TEST(BenchAnswer, names_those_without_a_verdict) {
  const Summary open = summary_of("b", pairs({0.5, 1, 7}));
  Records disturbed = pairs({1.5, 1.6, 1.55});
  for (Record& record : disturbed) disturb(record, 1, 5);
  const Summary none = summary_of("c", disturbed);
  EXPECT_EQ(bench_answer({summary_of("a", pairs({1.1, 1.1, 1.1})), none}),
            "Offloading pays for 1 of 2 applications: a (1.10); no verdict on c.");
  EXPECT_EQ(bench_answer({open, none}),
            "Undecided whether offloading pays for b, run longer; no verdict on c.");
  const Summary loss = summary_of("d", pairs({0.9, 0.9, 0.9}));
  EXPECT_EQ(bench_answer({loss, open}),
            "Offloading does not pay for d; undecided for b, run longer.");
  EXPECT_EQ(bench_answer({summary_of("a", pairs({1.1, 1.1, 1.1})), open, none}),
            "Offloading pays for 1 of 3 applications: a (1.10); undecided for b, run longer; no "
            "verdict on c.");
  EXPECT_EQ(bench_answer({open, open}),
            "Undecided whether offloading pays for b and b, run longer.");
  EXPECT_EQ(bench_answer({none, none}).find("No verdict on c and c: the ranks got"), 0U)
      << bench_answer({none, none});
}

TEST(BenchAnswer, without_a_comparison_is_a_time) {
  EXPECT_EQ(bench_answer({}), "Nothing was measured.");
  EXPECT_EQ(
      bench_answer({summarize("a", {Contender::host}, {make_record(Contender::host, 0, 0.5)})}),
      "a takes 0.5 s (host); nothing was compared with it.");
}

TEST(BenchAnswer, terminal_and_document_say_the_same) {
  Records records = pairs({1.5, 1.6, 1.55});
  const Summary summary = summary_of("transport", records);
  const Json report =
      bench_report(describe_machine(), {}, {}, {{summary, records}}, nullptr, false);
  EXPECT_EQ(report["answer"], summary.verdict->text);
  EXPECT_EQ(report["summary"]["transport"]["verdict"]["outcome"], "pays");
  EXPECT_NE(format_table(summary, "").find(summary.verdict->text), std::string::npos);
}

TEST(BenchAnswer, papers_table_keeps_no_speedup_without_a_verdict) {
  Records records = pairs({1.5, 1.6, 1.55});
  for (Record& record : records) disturb(record, 1, 5);
  const Summary summary = summary_of("transport", records);
  const std::string table = format_suite(paper_suite(), {{summary, records}});
  EXPECT_EQ(table.find("1.55 ("), std::string::npos) << table;
  EXPECT_NE(table.find("No verdict on transport: the ranks got 50 %"), std::string::npos) << table;
  const Json entry = summary.to_json();
  EXPECT_EQ(entry["doubts"][0]["kind"], "cpu_share");
}

}  // namespace
}  // namespace buddy::tools
