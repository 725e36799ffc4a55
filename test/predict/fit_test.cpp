#include "predict/fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "predict/evaluation.hpp"
#include "runs.hpp"

namespace buddy::predict {
namespace {

using testing::point_of;
using testing::run_of;

const EngineDescription x86 = *preset_engine("x86");

/// A sweep of a world in which \p truth holds exactly.
Sweep sweep_where(const Coefficients& truth, std::uint64_t seed, std::size_t applications) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> seconds(0.01, 1.0);
  Sweep sweep;
  for (std::size_t application = 0; application < applications; ++application) {
    for (int size = 0; size < 8; ++size) {
      HostRun run = run_of(seconds(random), seconds(random), seconds(random), seconds(random));
      const double speedup = run.seconds / predict(run, x86, truth).seconds;
      sweep.push_back(point_of("application " + std::to_string(application), run, speedup));
    }
  }
  return sweep;
}

TEST(Fit, nothing_to_fit_changes_nothing) {
  EXPECT_EQ(fit({}, x86).values, plain_coefficients().values);
}

// Whatever coefficients a sweep was made with, the fit predicts it.
TEST(Fit, finds_coefficients_that_explain_a_sweep) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> part(0.0, 1.0);
    Coefficients truth = plain_coefficients();
    truth.values[static_cast<std::size_t>(Coefficient::handlers)] = 0.8 + 0.5 * part(random);
    truth.values[static_cast<std::size_t>(Coefficient::engine)] = 0.7 + part(random);
    truth.values[static_cast<std::size_t>(Coefficient::network)] = 0.7 + part(random);
    truth.values[static_cast<std::size_t>(Coefficient::overlap)] = 0.5 * part(random);
    const Evaluation unseen = evaluate(sweep_where(truth, seed, 5), x86);
    EXPECT_LT(unseen.physical.median_error.value_or(1), 0.06);
    EXPECT_GT(unseen.physical.right.value_or(0), 0.85);
  }
}

// Readers refuse such runs; the fit would still come to an end, which it once did not.
TEST(Fit, ends_whatever_the_sweep_holds) {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  for (const double figure : {-9.2e18, 1e300, nothing, std::numeric_limits<double>::infinity()}) {
    for (double HostRun::*member : {&HostRun::barriers, &HostRun::seconds, &HostRun::blocks}) {
      Sweep sweep = sweep_where(plain_coefficients(), 3, 3);
      sweep[0].run.*member = figure;
      sweep[9].speedup = figure;
      for (const double value : fit(sweep, x86).values) EXPECT_TRUE(std::isfinite(value));
    }
  }
}

TEST(Fit, is_the_same_every_time) {
  const Sweep sweep = sweep_where(plain_coefficients(), 7, 3);
  EXPECT_EQ(fit(sweep, x86).values, fit(sweep, x86).values);
}

// Speedups do not show what engines do while they hide behind the ranks; their CPU time bounds it.
TEST(Fit, what_a_byte_costs_engines_is_told_by_the_busiest_program) {
  Sweep sweep;
  for (const double cpu : {0.9, 0.45, 0.7}) {
    SweepPoint point = point_of("a", run_of(2, 0, 0.4), 1.2);
    point.run.block_bytes = 1e9;
    point.engine_cpu_seconds = cpu;
    sweep.push_back(point);
  }
  EXPECT_NEAR(fit(sweep, *preset_engine("x86"))[Coefficient::ring_ns], 0.45, 1e-9);
  for (SweepPoint& point : sweep) point.engine_cpu_seconds.reset();
  EXPECT_DOUBLE_EQ(fit(sweep, *preset_engine("x86"))[Coefficient::ring_ns], 0);
}

}  // namespace
}  // namespace buddy::predict
