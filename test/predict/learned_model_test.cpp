#include "predict/learned_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "runs.hpp"

namespace buddy::predict {
namespace {

using testing::point_of;
using testing::run_of;

const EngineDescription x86 = *preset_engine("x86");

/// Programs that gain more than the physical model says, by what the network takes.
SweepPoint point(const std::string& application, double network) {
  const HostRun run = run_of(1, 0, 0.1, network);
  SweepPoint made = point_of(application, run, 1);
  made.speedup = predicted_speedup(made, x86, plain_coefficients()) * std::exp(0.5 * network);
  return made;
}

TEST(LearnedModel, learns_what_the_physical_one_leaves_over) {
  Sweep sweep;
  for (int i = 0; i < 20; ++i) sweep.push_back(point(i % 2 == 0 ? "a" : "b", 0.02 * i));
  const auto learned = LearnedModel::fit(sweep, x86, plain_coefficients());
  if (LearnedModel::library().empty()) {
    EXPECT_FALSE(learned);
    return;
  }
  ASSERT_TRUE(learned);
  for (const double network : {0.05, 0.15, 0.31}) {
    const double factor = learned->correction(point("c", network), x86, plain_coefficients());
    EXPECT_NEAR(std::log(factor), 0.5 * network, 0.03) << network;
  }
}

TEST(LearnedModel, wants_more_than_a_few_points) {
  Sweep sweep;
  for (int i = 0; i < 9; ++i) sweep.push_back(point("a", 0.02 * i));
  EXPECT_FALSE(LearnedModel::fit(sweep, x86, plain_coefficients()));
}

TEST(LearnedModel, changes_nothing_where_nothing_is_left_over) {
  Sweep sweep;
  for (int i = 0; i < 20; ++i) {
    sweep.push_back(point_of("a", run_of(1, 0, 0.1 * i), 1));
    sweep.back().speedup = predicted_speedup(sweep.back(), x86, plain_coefficients());
  }
  const auto learned = LearnedModel::fit(sweep, x86, plain_coefficients());
  if (!learned) return;  // built without the library
  EXPECT_NEAR(learned->correction(sweep[3], x86, plain_coefficients()), 1, 0.03);
}

}  // namespace
}  // namespace buddy::predict
