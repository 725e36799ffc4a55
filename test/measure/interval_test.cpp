// Intervals of ratios: Student's distribution against printed tables, and how often an interval
// holds the true ratio where runs are as noisy as on real machines.
#include "measure/interval.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <vector>

#include "measure/noisy_runs.hpp"

namespace buddy::measure {
namespace {

using testing::NoisyRuns;

// Table of any textbook.
TEST(Student, quantiles_are_those_of_the_tables) {
  EXPECT_NEAR(student_quantile(0.975, 1), 12.7062, 1e-4);
  EXPECT_NEAR(student_quantile(0.975, 2), 4.30265, 1e-5);
  EXPECT_NEAR(student_quantile(0.975, 3), 3.18245, 1e-5);
  EXPECT_NEAR(student_quantile(0.975, 4), 2.77645, 1e-5);
  EXPECT_NEAR(student_quantile(0.995, 5), 4.03214, 1e-5);
  EXPECT_NEAR(student_quantile(0.95, 10), 1.81246, 1e-5);
  EXPECT_NEAR(student_quantile(0.975, 29), 2.04523, 1e-5);
  EXPECT_NEAR(student_quantile(0.975, 100'000), 1.95999, 1e-4);
  EXPECT_DOUBLE_EQ(student_probability(0, 7), 0.5);
}

TEST(RatioInterval, is_a_geometric_mean_within_its_ends) {
  const std::vector<double> ratios = {1.0, 2.0, 4.0};
  const RatioInterval interval = ratio_interval(ratios, 0.95);
  EXPECT_NEAR(interval.estimate, 2, 1e-12);
  // ln 2 is the deviation: 4.30265 x ln 2 / sqrt 3.
  EXPECT_NEAR(std::log(interval.high / interval.estimate), 1.72188, 1e-4);
  EXPECT_NEAR(interval.estimate / interval.low, interval.high / interval.estimate, 1e-9);
  EXPECT_LT(interval.high, ratio_interval(ratios, 0.99).high);
}

// Which of the two is the baseline does not matter.
TEST(RatioInterval, of_inverse_ratios_is_the_inverse) {
  const std::vector<double> ratios = {1.1, 1.3, 0.9, 1.2};
  std::vector<double> inverse;
  for (const double ratio : ratios) inverse.push_back(1 / ratio);
  EXPECT_NEAR(ratio_interval(ratios, 0.95).low * ratio_interval(inverse, 0.95).high, 1, 1e-12);
}

TEST(RatioInterval, of_one_pair_is_everything) {
  const std::vector<double> ratio = {1.5};
  const RatioInterval interval = ratio_interval(ratio, 0.95);
  EXPECT_EQ(interval.estimate, 1.5);
  EXPECT_EQ(interval.low, 0);
  EXPECT_TRUE(std::isinf(interval.high));
}

// docs/verdicts.md has this table.
TEST(Coverage, of_the_interval_is_95_of_100_whatever_the_noise) {
  for (const NoisyRuns::Kind kind : testing::all_kinds) {
    for (const int pairs : {3, 5, 7, 10, 20}) {
      std::mt19937_64 random(20);
      int held = 0;
      for (int i = 0; i < testing::experiments; ++i) {
        NoisyRuns runs(kind, random);
        const RatioInterval interval = ratio_interval(take(runs, 1.2, pairs), interval_level);
        held += interval.low <= 1.2 && 1.2 <= interval.high ? 1 : 0;
      }
      const double coverage = static_cast<double>(held) / testing::experiments;
      std::printf("noise %d, %d pairs: %.3f\n", static_cast<int>(kind), pairs, coverage);
      EXPECT_GE(coverage, testing::least_coverage) << static_cast<int>(kind) << ' ' << pairs;
    }
  }
}

TEST(RelativeDeviation, is_a_part_of_the_values) {
  const std::vector<double> values = {100, 101, 99};
  EXPECT_NEAR(relative_deviation(values), 0.01, 1e-4);
  const std::vector<double> one = {5};
  EXPECT_EQ(relative_deviation(one), 0);
}

}  // namespace
}  // namespace buddy::measure
