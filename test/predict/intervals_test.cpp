#include "predict/intervals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace buddy::predict {
namespace {

/// \pre there are some
Interval made_of(const std::vector<Miss>& misses) {
  return interval_of(misses).value_or(Interval{0, 0});
}

TEST(Intervals, of_no_misses_are_none) { EXPECT_FALSE(interval_of({})); }

TEST(Intervals, of_few_applications_hold_all_that_was_seen) {
  std::vector<Miss> misses;
  for (int i = 0; i < 20; ++i) misses.push_back({i % 2 == 0 ? "a" : "b", 0.8 + 0.02 * i});
  const Interval interval = made_of(misses);
  EXPECT_DOUBLE_EQ(interval.low, 0.8);
  EXPECT_DOUBLE_EQ(interval.high, 1.18);
}

TEST(Intervals, give_up_what_is_farthest_when_there_are_many) {
  std::vector<Miss> misses;
  for (int i = 0; i < 40; ++i) {
    const std::string application = "a" + std::to_string(i);
    for (const double factor : {0.95, 1.05}) misses.push_back({application, factor});
  }
  misses.back().factor = 3;
  EXPECT_DOUBLE_EQ(made_of(misses).low, 0.95);
  EXPECT_DOUBLE_EQ(made_of(misses).high, 1.05);
}

// An application with many programs counts no more than one with a single program.
TEST(Intervals, weigh_applications_alike) {
  std::vector<Miss> misses;
  for (int i = 0; i < 20; ++i) misses.push_back({"a" + std::to_string(i), i < 10 ? 0.7 : 1.4});
  for (int i = 0; i < 1000; ++i) misses.push_back({"big", 1.0});
  EXPECT_DOUBLE_EQ(made_of(misses).low, 0.7);
  EXPECT_DOUBLE_EQ(made_of(misses).high, 1.4);
}

// What it is for: nine in ten programs of applications that nobody has seen, although those of one
// application are off alike.
TEST(Intervals, hold_nine_in_ten_of_new_applications) {
  for (const int applications : {8, 20}) {
    std::mt19937 random(7);
    std::normal_distribution<double> between(0, 0.1);
    std::normal_distribution<double> within(0, 0.05);
    double held = 0;
    constexpr int trials = 2000;
    for (int trial = 0; trial < trials; ++trial) {
      std::vector<Miss> misses;
      for (int i = 0; i < applications; ++i) {
        const double off = between(random);
        for (int k = 0; k < 6; ++k) {
          misses.push_back({"a" + std::to_string(i), std::exp(off + within(random))});
        }
      }
      const double fresh = std::exp(between(random) + within(random));
      held += made_of(misses).holds(fresh, 1) ? 1 : 0;
    }
    EXPECT_GT(held / trials, 0.88) << applications << " applications";
  }
}

}  // namespace
}  // namespace buddy::predict
