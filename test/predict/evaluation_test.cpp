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
  EXPECT_NEAR(unseen.worst_error, 3.0, 0.05);
}

TEST(Evaluation, intervals_hold_what_was_off) {
  Sweep sweep;
  for (int i = 0; i < 20; ++i) {
    const double off = 0.8 + 0.02 * i;
    sweep.push_back(point_of(i % 2 == 0 ? "a" : "b", run_of(1, 0, 1), 2.0 * off));
  }
  const FittedModels models = fit_models(sweep, x86);
  EXPECT_LT(models.low, 0.9);
  EXPECT_GT(models.high, 1.0);
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
