#include "predict/evaluation.hpp"

#include <gtest/gtest.h>

#include "runs.hpp"

namespace buddy::predict {
namespace {

using testing::point_of;
using testing::run_of;

const EngineDescription x86 = *preset_engine("x86");

// An application that behaves unlike all others is predicted badly: its own points are left out.
TEST(Evaluation, an_application_is_predicted_by_the_others_alone) {
  Sweep sweep;
  for (int i = 1; i <= 6; ++i) {
    sweep.push_back(point_of("a", run_of(i, 0, i), 2.0));
    sweep.push_back(point_of("b", run_of(i, 0, i), 2.0));
    sweep.push_back(point_of("odd", run_of(i, 0, i), 0.5));
  }
  const Evaluation unseen = evaluate(sweep, x86);
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    if (sweep[i].application != "odd") continue;
    EXPECT_NEAR(unseen.points[i].predicted, 2.0, 0.01);
    EXPECT_TRUE(unseen.points[i].pays_physical);
    EXPECT_FALSE(unseen.points[i].pays);
  }
  EXPECT_NEAR(unseen.physical.worst_error.value_or(0), 3.0, 0.05);
}

TEST(Evaluation, intervals_hold_what_was_off) {
  Sweep sweep;
  for (int i = 0; i < 20; ++i) {
    const double off = 0.8 + 0.02 * i;
    sweep.push_back(point_of(i % 2 == 0 ? "a" : "b", run_of(1, 0, 1), 2.0 * off));
  }
  const Evaluation all = evaluate(sweep, x86);
  ASSERT_TRUE(all.interval);
  EXPECT_LT(all.interval->low, 0.9);
  EXPECT_GT(all.interval->high, 1.0);
}

// Where nothing is known, nothing is promised, and no promise is broken.
TEST(Evaluation, programs_without_an_interval_are_not_counted_as_outside_of_it) {
  Sweep sweep = {point_of("a", run_of(1, 0, 1), 2.0), point_of("a", run_of(1, 0, 1), 1.0)};
  for (SweepPoint& point : sweep) point.emulated = {{{.slowdown = 2}, 1.7, true}};
  const Evaluation alone = evaluate(sweep, x86);
  EXPECT_FALSE(alone.physical.held);
  EXPECT_FALSE(alone.extrapolation.held);
  sweep.push_back(point_of("b", run_of(1, 0, 1), 3.0));
  const Evaluation both = evaluate(sweep, x86);
  // Both of "a" by the miss of "b", which lies above them, and "b" by theirs.
  EXPECT_TRUE(both.physical.held);
  EXPECT_FALSE(both.extrapolation.held) << "nobody but a was emulated";
  EXPECT_TRUE(both.extrapolation_interval);
}

// What is outside the sweep is predicted by models of all of the sweep, and changes none of them.
TEST(Evaluation, programs_outside_the_sweep_are_judged_and_not_fitted_on) {
  Sweep sweep;
  for (int i = 1; i <= 6; ++i) {
    sweep.push_back(point_of("a", run_of(i, 0, i), 2.0));
    sweep.push_back(point_of("b", run_of(i, 0, i), 2.0));
  }
  const auto before = fit_models(sweep, x86).coefficients.values;
  const Evaluation without = evaluate(sweep, x86);
  EXPECT_EQ(without.outside.programs, 0u);
  EXPECT_FALSE(without.outside.held);
  sweep.push_back(point_of("a", run_of(1, 0, 1), 0.5));
  sweep.back().outside = true;
  EXPECT_EQ(fit_models(sweep, x86).coefficients.values, before);
  const Evaluation with = evaluate(sweep, x86);
  EXPECT_EQ(with.physical.programs, 12u);
  EXPECT_EQ(with.physical.worst_error, without.physical.worst_error);
  EXPECT_EQ(with.outside.programs, 1u);
  EXPECT_NEAR(with.outside.median_error.value_or(0), 3.0, 0.05);
  EXPECT_DOUBLE_EQ(with.outside.held.value_or(1), 0.0);
  ASSERT_TRUE(with.interval && without.interval);
  EXPECT_DOUBLE_EQ(with.interval->low, without.interval->low);
}

/// Ranks of 1 s and engines of 0.4 s: an engine at half the speed is still hidden, one at a quarter
/// is not.
Sweep emulated_sweep() {
  Sweep sweep;
  for (const char* application : {"a", "b", "c"}) {
    SweepPoint point = point_of(application, run_of(1, 0, 0.4), 1.4);
    point.emulated = {{{.slowdown = 2}, 1.4, true}, {{.slowdown = 4}, 1.4 / 1.6, true}};
    sweep.push_back(point);
  }
  return sweep;
}

TEST(Evaluation, engines_that_were_not_seen_are_judged_apart) {
  Sweep sweep = emulated_sweep();
  sweep.push_back(sweep[0]);
  sweep.back().outside = true;
  sweep.back().emulated[1].speedup *= 2;
  const Evaluation all = evaluate(sweep, x86);
  ASSERT_EQ(all.engines.size(), 2u);
  EXPECT_DOUBLE_EQ(all.engines[1].dpu.slowdown, 4);
  EXPECT_EQ(all.engines[0].sweep.programs, 3u);
  EXPECT_NEAR(all.engines[1].sweep.worst_error.value_or(1), 0, 0.02);
  EXPECT_EQ(all.extrapolation.programs, 6u);
  EXPECT_DOUBLE_EQ(all.extrapolation.right_decided.value_or(0), 1);
  EXPECT_EQ(all.extrapolation_outside.programs, 2u);
  EXPECT_NEAR(all.extrapolation_outside.worst_error.value_or(0), 0.5, 0.02);
  EXPECT_TRUE(all.extrapolation_interval);
  for (SweepPoint& point : sweep) point.emulated.clear();
  EXPECT_FALSE(evaluate(sweep, x86).extrapolation_interval);
}

TEST(Evaluation, intervals_of_slower_engines_are_known_as_far_as_they_were_measured) {
  Sweep sweep = emulated_sweep();
  const Evaluation all = evaluate(sweep, x86);
  EXPECT_TRUE(all.interval_for(x86));
  EXPECT_TRUE(all.interval_for(emulated_engine({.slowdown = 4})));
  EXPECT_TRUE(all.interval_for(*preset_engine("bluefield3")));
  EXPECT_FALSE(all.interval_for(emulated_engine({.slowdown = 4.1})));
  EngineDescription slow_network = emulated_engine({.slowdown = 2});
  slow_network.network_speed = 0.1;
  EXPECT_FALSE(all.interval_for(slow_network));
  for (SweepPoint& point : sweep) point.emulated.clear();
  EXPECT_FALSE(evaluate(sweep, x86).interval_for(emulated_engine({.slowdown = 2})));
}

TEST(Evaluation, a_learned_model_has_to_be_better) {
  Evaluation all;
  EXPECT_FALSE(all.learned_is_better());
  all.physical = {.median_error = 0.05, .right_decided = 0.9};
  all.learned = {.median_error = 0.04, .right_decided = 0.9};
  EXPECT_TRUE(all.learned_is_better());
  all.learned.right_decided = 0.8;
  EXPECT_FALSE(all.learned_is_better());
  all.learned = {.median_error = 0.06, .right_decided = 1.0};
  EXPECT_FALSE(all.learned_is_better());
}

TEST(Evaluation, the_rule_is_judged_where_there_is_a_ratio) {
  Sweep sweep = {point_of("a", run_of(1, 0, 1), 2.0), point_of("b", run_of(1, 0, 1), 2.0)};
  EXPECT_FALSE(evaluate(sweep, x86).rule.right);
  for (SweepPoint& point : sweep) point.run.memory_to_communication_ratio = 3;
  EXPECT_DOUBLE_EQ(evaluate(sweep, x86).rule.right.value_or(0), 1.0);
}

TEST(Evaluation, a_measurement_is_held_against_itself) {
  EXPECT_FALSE(repeatability({}).same_decision);
  const Repeatability found = repeatability({{1.2, 1.0}, {1.5, 1.5}, {0.9, 1.0}, {1.1, 1.1}});
  EXPECT_DOUBLE_EQ(found.same_decision.value_or(0), 0.75);
  EXPECT_NEAR(found.worst_error.value_or(0), 0.2, 1e-9);
  EXPECT_NEAR(found.median_error.value_or(0), 0.05, 1e-9);
}

TEST(Evaluation, decisions_are_counted_apart_where_measuring_decided) {
  Sweep sweep = {point_of("a", run_of(1, 0, 1), 2.0), point_of("b", run_of(1, 0, 1), 2.0),
                 point_of("c", run_of(1, 0, 1), 1.0)};
  EXPECT_NEAR(evaluate(sweep, x86).physical.right.value_or(0), 2.0 / 3, 1e-9);
  sweep[2].decided = false;
  EXPECT_NEAR(evaluate(sweep, x86).physical.right.value_or(0), 2.0 / 3, 1e-9);
  EXPECT_DOUBLE_EQ(evaluate(sweep, x86).physical.right_decided.value_or(0), 1.0);
  for (SweepPoint& point : sweep) point.decided = false;
  EXPECT_FALSE(evaluate(sweep, x86).physical.right_decided);
}

}  // namespace
}  // namespace buddy::predict
