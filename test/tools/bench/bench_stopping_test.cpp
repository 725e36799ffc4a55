// How many pairs a benchmark runs.
#include "tools/bench/bench_stopping.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "measure/noisy_runs.hpp"
#include "tools/bench/bench_records.hpp"
#include "tools/bench/bench_runner.hpp"

namespace buddy::tools {
namespace {

using measure::testing::NoisyRuns;
using testing::make_record;

TEST(Repetition, is_a_number_or_auto) {
  EXPECT_EQ(parse_repetition("7").value().pairs, 7);
  EXPECT_FALSE(parse_repetition("7").value().automatic);
  EXPECT_TRUE(parse_repetition("auto").value().automatic);
  for (const char* text : {"", "0", "-1", "10001", "x", "Auto", "5 "}) {
    EXPECT_FALSE(parse_repetition(text).ok()) << text;
  }
}

TEST(Repetition, looks_become_rarer_and_end) {
  int last = 0;
  int count = 0;
  for (int look = next_look(0); look > 0; look = next_look(look)) {
    EXPECT_GT(look, last);
    last = look;
    ++count;
  }
  EXPECT_EQ(count, 7);  // for which look_level was chosen
  EXPECT_EQ(next_look(last - 1), last);
}

/// Pairs in which the host takes \p host seconds and the engine one.
Summary summary_of(const std::vector<double>& host) {
  std::vector<Record> records;
  for (std::size_t i = 0; i < host.size(); ++i) {
    records.push_back(make_record(Contender::host, static_cast<int>(i), host[i]));
    records.push_back(make_record(Contender::engine, static_cast<int>(i), 1));
  }
  return summarize("a", {Contender::host, Contender::engine}, records, look_level);
}

TEST(IsEnough, a_verdict_or_a_narrow_interval) {
  EXPECT_TRUE(is_enough(summary_of({1.5, 1.55, 1.6, 1.5, 1.55, 1.6})));
  EXPECT_TRUE(is_enough(summary_of({1.05, 1.051, 1.049, 1.05, 1.051, 1.049})));
  EXPECT_FALSE(is_enough(summary_of({0.8, 1.5, 1.1, 0.9, 1.3, 1.0})));
}

TEST(IsEnough, one_contender_has_nothing_to_decide) {
  EXPECT_TRUE(is_enough(summarize("a", {Contender::host}, {make_record(Contender::host, 0, 1)})));
}

/// The last interval of pairs that go on until there is a verdict, or the interval is narrow.
measure::RatioInterval look_until_decided(NoisyRuns& runs, double speedup) {
  measure::RatioInterval interval;
  std::vector<double> ratios;
  for (int look = next_look(0); look > 0; look = next_look(look)) {
    for (const double ratio : take(runs, speedup, look - static_cast<int>(ratios.size()))) {
      ratios.push_back(ratio);
    }
    interval = measure::ratio_interval(ratios, look_level);
    const bool decided =
        interval.low > measure::worthwhile_speedup || interval.high < measure::worthwhile_speedup;
    if (decided || interval.high <= narrow * narrow * interval.low) break;
  }
  return interval;
}

// Who looks again and again, and stops when it suits, is wrong more often with each look, most
// often where the truth is at the limit. docs/verdicts.md has this table.
TEST(Coverage, of_pairs_that_go_on_until_there_is_a_verdict_is_no_less) {
  for (const NoisyRuns::Kind kind : measure::testing::all_kinds) {
    for (const double speedup : {1.0, measure::worthwhile_speedup, 1.2}) {
      std::mt19937_64 random(20);
      int held = 0;
      for (int i = 0; i < measure::testing::experiments; ++i) {
        NoisyRuns runs(kind, random);
        const measure::RatioInterval interval = look_until_decided(runs, speedup);
        held += interval.low <= speedup && speedup <= interval.high ? 1 : 0;
      }
      const double coverage = static_cast<double>(held) / measure::testing::experiments;
      std::printf("noise %d, speedup %.2f: %.3f\n", static_cast<int>(kind), speedup, coverage);
      EXPECT_GE(coverage, measure::testing::least_coverage)
          << static_cast<int>(kind) << ' ' << speedup;
    }
  }
}

// A warm-up of 3 ms that did its work once, and one that was long enough.
TEST(Rounds, make_runs_long_enough_with_a_margin) {
  EXPECT_EQ(rounds_for(0.3, 0.003, 1), 130U);
  EXPECT_EQ(rounds_for(0.3, 0.2, 10), 20U);
  EXPECT_EQ(rounds_for(0.3, 0.34, 10), 10U);
  EXPECT_EQ(rounds_for(0.3, 5, 1), 1U);
  EXPECT_EQ(rounds_for(0.3, 1e-9, 1), 1000U);  // what so short a run tells is no more
  EXPECT_EQ(rounds_for(0.3, 1e-9, 1 << 19), 1U << 20U);
}

}  // namespace
}  // namespace buddy::tools
