// Which measurements allow a verdict, and which verdict that is.
#include "measure/verdict.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace buddy::measure {
namespace {

Verdict verdict_on(const std::vector<double>& speedups) {
  Doubts doubts;
  return judge("a", speedups, doubts);
}

TEST(CpuUse, share_is_what_one_got_of_what_one_asked_for) {
  EXPECT_DOUBLE_EQ((CpuUse{1.7, 8.3}.share()), 0.17);
  EXPECT_DOUBLE_EQ(CpuUse().share(), 1);
  EXPECT_DOUBLE_EQ((CpuUse{1, 0} + CpuUse{1, 2}).share(), 0.5);
}

// Eight ranks on two CPUs wait for one another; nobody took anything from them.
TEST(LostToOthers, what_a_job_took_from_itself_is_not_lost) {
  EXPECT_DOUBLE_EQ(lost_to_others(6.0, 0.01), 0.01);
}

TEST(LostToOthers, who_sleeps_beside_busy_loops_loses_nothing) {
  EXPECT_DOUBLE_EQ(lost_to_others(0.0, 5.0), 0);
}

TEST(LostToOthers, one_figure_alone_is_believed) {
  EXPECT_DOUBLE_EQ(lost_to_others(0.5, {}), 0.5);
  EXPECT_DOUBLE_EQ(lost_to_others({}, 0.5), 0.5);
  EXPECT_DOUBLE_EQ(lost_to_others({}, {}), 0);
}

TEST(Doubt, of_the_cpu_time_says_how_much_was_got) {
  const auto doubt = doubt_cpu("the ranks", {1.7, 8.3});
  ASSERT_TRUE(doubt.has_value());
  EXPECT_EQ(doubt->kind, DoubtKind::cpu_share);
  EXPECT_EQ(doubt->text.find("the ranks got 17 % of the CPU time that they asked for"), 0U);
  EXPECT_FALSE(doubt_cpu("the ranks", {9.0, 1.0}).has_value());
  EXPECT_TRUE(doubt_stolen({1.0, 1.0}).has_value());
  EXPECT_FALSE(doubt_stolen({1.0, 0.0}).has_value());
  EXPECT_FALSE(doubt_throttled({1.0, 0.1}).has_value());
  EXPECT_EQ(doubt_throttled({1.0, 1.0})->kind, DoubtKind::throttled);
  EXPECT_NE(doubt_throttled({1.0, 1.0})->text.find("a quota left the job 50 %"), std::string::npos);
}

TEST(Doubt, short_runs_are_in_doubt) {
  EXPECT_TRUE(doubt_length(0.02).has_value());
  EXPECT_FALSE(doubt_length(least_run_seconds).has_value());
}

TEST(LikelyRange, is_the_range_of_a_few_pairs) {
  const Spread range = likely_range({1.3, 1.1, 1.2});
  EXPECT_DOUBLE_EQ(range.min, 1.1);
  EXPECT_DOUBLE_EQ(range.median, 1.2);
  EXPECT_DOUBLE_EQ(range.max, 1.3);
}

TEST(LikelyRange, of_fewer_is_wider) {
  const Spread range = likely_range({2.0});
  EXPECT_DOUBLE_EQ(range.min, 1.6);
  EXPECT_DOUBLE_EQ(range.median, 2.0);
  EXPECT_DOUBLE_EQ(range.max, 2.5);
}

double log_factorial(std::size_t n) { return std::lgamma(static_cast<double>(n) + 1); }

/// In how many of 2^count cases the median of a distribution is outside.
double misses(std::size_t count, std::size_t outer) {
  double sum = 0;
  for (std::size_t above = 0; above <= outer; ++above) {
    sum += std::exp(log_factorial(count) - log_factorial(above) - log_factorial(count - above));
  }
  return 2 * sum * std::pow(0.5, static_cast<double>(count));
}

// At least 95 of 100, and no wider than that takes.
TEST(LikelyRange, of_many_holds_the_median_in_95_of_100_cases) {
  for (std::size_t count = 6; count <= 200; ++count) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < count; ++i) ratios.push_back(1 + static_cast<double>(i));
    const Spread range = likely_range(ratios);
    const auto outer = static_cast<std::size_t>(range.min) - 1;
    EXPECT_DOUBLE_EQ(range.max, static_cast<double>(count - outer));
    EXPECT_LE(misses(count, outer), 0.055) << count;
    EXPECT_GT(misses(count, outer + 2), 0.05) << count;
  }
}

TEST(LikelyRange, ends_with_ten_thousand_pairs) {
  const Spread range = likely_range(std::vector<double>(10'000, 1.5));
  EXPECT_DOUBLE_EQ(range.min, 1.5);
}

TEST(Judge, says_what_all_pairs_say) {
  const Verdict pays = verdict_on({1.5, 1.6, 1.55});
  EXPECT_EQ(pays.outcome, Outcome::pays);
  EXPECT_EQ(pays.text, "Offloading pays for a: speedup 1.55 (1.50 to 1.60).");
  EXPECT_EQ(verdict_on({0.6, 0.5, 0.7}).outcome, Outcome::does_not_pay);
  EXPECT_EQ(verdict_on({0.6, 0.5, 0.7}).text,
            "Offloading does not pay for a: speedup 0.60 (0.50 to 0.70).");
}

TEST(Judge, pairs_on_both_sides_and_small_gains_make_no_clear_difference) {
  for (const std::vector<double>& speedups :
       {std::vector<double>{0.95, 1.2, 1.1}, {1.01, 1.03, 1.04}, {0.97, 0.98, 0.99}}) {
    EXPECT_EQ(verdict_on(speedups).outcome, Outcome::even);
  }
}

// The median is 0.80, and one pair says 7.36: neither may be the headline.
TEST(Judge, pairs_that_differ_too_much_allow_no_verdict) {
  Doubts doubts;
  const Verdict verdict = judge("a", {0.51, 0.8, 7.36}, doubts);
  EXPECT_EQ(verdict.outcome, Outcome::none);
  ASSERT_EQ(doubts.size(), 1U);
  EXPECT_EQ(doubts[0].kind, DoubtKind::spread);
  EXPECT_NE(verdict.text.find("No verdict on a: the pairs differ too much: their speedups go from "
                              "0.51 to 7.36"),
            std::string::npos)
      << verdict.text;
}

TEST(Judge, one_outlier_of_many_pairs_does_not_matter) {
  EXPECT_EQ(verdict_on({1.5, 1.5, 1.6, 1.6, 1.5, 1.5, 1.6, 1.6, 0.4}).outcome, Outcome::pays);
}

TEST(Judge, one_pair_gives_a_verdict_far_from_1_and_says_that_it_is_one) {
  const Verdict far = verdict_on({1.6});
  EXPECT_EQ(far.outcome, Outcome::pays);
  EXPECT_NE(far.text.find("from one pair of runs"), std::string::npos) << far.text;
  EXPECT_EQ(verdict_on({1.2}).outcome, Outcome::even);
  EXPECT_NE(verdict_on({1.6, 1.7}).text.find("from 2 pairs"), std::string::npos);
}

TEST(Judge, a_doubt_leaves_no_verdict) {
  Doubts doubts = {*doubt_cpu("the ranks", {1.7, 8.3})};
  const Verdict verdict = judge("transport", {0.6, 0.6, 0.6}, doubts);
  EXPECT_EQ(verdict.outcome, Outcome::none);
  EXPECT_EQ(verdict.text.find("No verdict on transport: the ranks got 17 % of the CPU time"), 0U)
      << verdict.text;
  EXPECT_EQ(verdict.text.find("0.6"), std::string::npos) << verdict.text;
}

}  // namespace
}  // namespace buddy::measure
