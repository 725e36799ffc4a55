#include "predict/ratio_rule.hpp"

#include <gtest/gtest.h>

#include "runs.hpp"

namespace buddy::predict {
namespace {

SweepPoint point(double ratio, double speedup) {
  SweepPoint made = testing::point_of("a", testing::run_of(1, 1, 1), speedup);
  made.run.memory_to_communication_ratio = ratio;
  return made;
}

TEST(RatioRule, finds_the_threshold_and_the_side) {
  const auto above = fit_ratio_rule({point(1, 0.9), point(2, 1.0), point(8, 1.3), point(9, 1.5)});
  ASSERT_TRUE(above);
  EXPECT_TRUE(above->pays_above);
  EXPECT_DOUBLE_EQ(above->threshold, 4.0);
  const auto below = fit_ratio_rule({point(1, 1.9), point(2, 1.4), point(8, 1.0), point(9, 0.5)});
  ASSERT_TRUE(below);
  EXPECT_FALSE(below->pays_above);
  EXPECT_TRUE(below->pays(3.9));
  EXPECT_FALSE(below->pays(4.1));
}

TEST(RatioRule, where_everything_pays_it_says_so) {
  const auto rule = fit_ratio_rule({point(1, 1.9), point(5, 1.4)});
  ASSERT_TRUE(rule);
  EXPECT_TRUE(rule->pays(1));
  EXPECT_TRUE(rule->pays(5));
}

TEST(RatioRule, without_ratios_there_is_none) {
  EXPECT_FALSE(fit_ratio_rule({testing::point_of("a", testing::run_of(1, 1, 1), 1.5)}));
}

}  // namespace
}  // namespace buddy::predict
