#include "measure/statistics.hpp"

#include <gtest/gtest.h>

namespace buddy::measure {
namespace {

TEST(Statistics, median_is_the_middle_or_between_the_two_in_the_middle) {
  EXPECT_DOUBLE_EQ(spread_of({3}).median, 3);
  EXPECT_DOUBLE_EQ(spread_of({9, 1, 5}).median, 5);
  EXPECT_DOUBLE_EQ(spread_of({4, 1, 3, 10}).median, 3.5);
}

TEST(Statistics, range_is_quoted_with_it) {
  const Spread spread = spread_of({9, 1, 5});
  EXPECT_DOUBLE_EQ(spread.min, 1);
  EXPECT_DOUBLE_EQ(spread.max, 9);
}

// The ratio of medians would be 1 here: both have the values 1, 2, 4. Pairs tell them apart.
TEST(Statistics, runs_are_compared_pair_by_pair) {
  const std::vector<double> host = {2, 4, 1};
  const std::vector<double> engine = {1, 2, 4};
  EXPECT_EQ(ratios(host, engine), (std::vector<double>{2, 2, 0.25}));
  EXPECT_DOUBLE_EQ(spread_of(ratios(host, engine)).median, 2);
}

}  // namespace
}  // namespace buddy::measure
