// Which measurements allow a verdict, and which verdict that is.
#include "measure/verdict.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace buddy::measure {
namespace {

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

/// As if each had taken one second.
Comparison compared(double low, double estimate, double high, double of_medians) {
  return {.of = "engine",
          .over = "host",
          .pairs = 5,
          .speedup = {estimate, low, high},
          .speedup_of_medians = of_medians};
}

TEST(Outcome, is_decided_by_the_interval) {
  EXPECT_EQ(outcome_of(compared(1.1, 1.2, 1.3, 1.2)), Outcome::pays);
  EXPECT_EQ(outcome_of(compared(1.06, 1.2, 1.3, 1.2)), Outcome::pays);
  EXPECT_EQ(outcome_of(compared(0.8, 0.85, 0.9, 0.85)), Outcome::does_not_pay);
  // An estimate far from 1 decides nothing.
  EXPECT_EQ(outcome_of(compared(0.9, 1.6, 2.8, 1.6)), Outcome::undecided);
  EXPECT_EQ(outcome_of(compared(0.4, 0.7, 1.2, 0.7)), Outcome::undecided);
  EXPECT_EQ(outcome_of(compared(1.04, 1.2, 1.4, 1.2)), Outcome::undecided);
}

// It would have to be 1.05 to be worth a core, and is certainly less.
TEST(Outcome, no_difference_and_small_gains_do_not_pay) {
  EXPECT_EQ(outcome_of(compared(0.98, 1.0, 1.02, 1.0)), Outcome::does_not_pay);
  EXPECT_EQ(outcome_of(compared(1.01, 1.02, 1.03, 1.02)), Outcome::does_not_pay);
}

// What stands beside a verdict does not say the contrary.
TEST(Outcome, medians_on_the_other_side_leave_it_undecided) {
  EXPECT_EQ(outcome_of(compared(1.1, 1.5, 2.0, 1.02)), Outcome::undecided);
  EXPECT_EQ(outcome_of(compared(0.5, 0.8, 1.04, 1.2)), Outcome::undecided);
  EXPECT_EQ(outcome_of(compared(0.5, 0.8, 0.98, 1.02)), Outcome::undecided);
  EXPECT_EQ(outcome_of(compared(0.5, 0.8, 1.02, 1.01)), Outcome::does_not_pay);
}

std::string said_of(const Comparison& comparison, bool is_offloading = true) {
  return judge("a", comparison, is_offloading, {}).text;
}

TEST(Judge, says_estimate_interval_and_pairs) {
  EXPECT_EQ(said_of(compared(1.5, 1.55, 1.6, 1.55)),
            "Offloading pays for a: engine is 1.55 times as fast as host (95 % interval 1.50 to "
            "1.60, 5 pairs).");
  EXPECT_EQ(said_of(compared(0.5, 0.6, 0.7, 0.6)),
            "Offloading does not pay for a: engine is 0.60 times as fast as host (95 % interval "
            "0.50 to 0.70, 5 pairs).");
  EXPECT_EQ(said_of(compared(0.98, 1, 1.02, 1)),
            "Offloading does not pay for a: engine is 1.00 times as fast as host (95 % interval "
            "0.98 to 1.02, 5 pairs); it pays from 1.05 on.");
}

// Pairs from 0.51 to 7.36 with a median of 0.80 say nothing.
TEST(Judge, a_wide_interval_says_that_it_takes_longer) {
  const std::vector<double> pairs = {0.51, 0.8, 7.36};
  Comparison comparison = compared(0, 0, 0, 0.8);
  comparison.pairs = 3;
  comparison.speedup = ratio_interval(pairs, interval_level);
  EXPECT_EQ(judge("a", comparison, true, {}).outcome, Outcome::undecided);
  EXPECT_EQ(said_of(comparison)
                .find("Undecided whether offloading pays for a, run longer: engine is 1.44 times"),
            0U)
      << said_of(comparison);
}

TEST(Judge, says_when_the_medians_say_the_contrary) {
  EXPECT_NE(said_of(compared(1.1, 1.5, 2.0, 1.02)).find("; the median times say 1.02"),
            std::string::npos);
}

TEST(Judge, one_pair_has_no_interval) {
  const std::vector<double> pair = {1.6};
  Comparison comparison = compared(0, 0, 0, 1.6);
  comparison.pairs = 1;
  comparison.speedup = ratio_interval(pair, interval_level);
  EXPECT_EQ(outcome_of(comparison), Outcome::undecided);
  EXPECT_NE(
      said_of(comparison).find("1.60 times as fast as host (one pair, which has no interval)"),
      std::string::npos)
      << said_of(comparison);
}

TEST(Judge, says_nothing_of_offloading_where_both_do) {
  EXPECT_EQ(said_of(compared(0.5, 0.6, 0.7, 0.6), false),
            "engine over host, a: does not pay: engine is 0.60 times as fast as host (95 % "
            "interval 0.50 to 0.70, 5 pairs).");
  EXPECT_EQ(said_of(compared(1.5, 1.6, 1.7, 1.6), false).find("engine over host, a: pays: "), 0U);
  EXPECT_EQ(said_of(compared(0.5, 1.6, 1.7, 1.6), false).find("engine over host, a: undecided, "),
            0U);
}

TEST(Judge, a_doubt_leaves_no_verdict) {
  Doubts doubts = {*doubt_cpu("the ranks", {1.7, 8.3})};
  const Verdict verdict = judge("transport", compared(0.6, 0.6, 0.6, 0.6), true, doubts);
  EXPECT_EQ(verdict.outcome, Outcome::none);
  EXPECT_EQ(verdict.text.find("No verdict on transport: the ranks got 17 % of the CPU time"), 0U)
      << verdict.text;
  EXPECT_EQ(verdict.text.find("0.6"), std::string::npos) << verdict.text;
}

}  // namespace
}  // namespace buddy::measure
