// Ranges of numbers, as documents are read.
#include "tools/report/json_numbers.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "support/markdown.hpp"

namespace buddy::tools {
namespace {

std::string problem_with(const Json& value, const Range& range) {
  NumberReader numbers;
  const double number = numbers.required({{"key", value}}, "key", range);
  EXPECT_TRUE(range.has(number)) << value;  // whatever stood there
  return numbers.problem();
}

TEST(NumberReader, takes_what_is_in_the_range) {
  for (const double good : {0.001, 1.0, 999.5, 1000.0}) {
    EXPECT_EQ(problem_with(good, ranges::factor), "") << good;
  }
  EXPECT_EQ(problem_with(7, ranges::processes), "");
  EXPECT_EQ(problem_with(1e6, ranges::processes), "");
}

TEST(NumberReader, says_what_is_wrong_and_what_would_be_right) {
  EXPECT_EQ(problem_with(1e-320, ranges::factor),
            "'key' is 1e-320, not a number from 0.001 to 1000");
  EXPECT_EQ(problem_with(1.5, ranges::processes),
            "'key' is 1.5, not a whole number from 1 to 1e+06");
  for (const Json& bad : {Json(-1), Json(-9.2e18), Json(1e308), Json(nullptr), Json("2"),
                          Json(true), Json::array({1}), Json::object(), Json(~std::uint64_t{0}),
                          Json(std::numeric_limits<double>::quiet_NaN()),
                          Json(std::numeric_limits<double>::infinity())}) {
    EXPECT_NE(problem_with(bad, ranges::run_seconds), "") << bad;
  }
  NumberReader numbers;
  numbers.required(Json("no object"), "first", ranges::amount);
  numbers.required({{"second", -1}}, "second", ranges::amount);
  EXPECT_EQ(numbers.problem(), "'first' is missing");
}

TEST(NumberReader, optional_ones_may_be_null_and_nothing_else) {
  NumberReader numbers;
  const Json object = {{"null", nullptr}, {"five", 5}, {"text", "5"}};
  EXPECT_FALSE(numbers.optional(object, "null", ranges::amount));
  EXPECT_FALSE(numbers.optional(object, "nothing", ranges::amount));
  EXPECT_EQ(numbers.optional(object, "five", ranges::amount), 5);
  EXPECT_EQ(numbers.problem(), "");
  numbers.optional(object, "text", ranges::amount);
  EXPECT_NE(numbers.problem(), "");
}

TEST(NumberReader, amounts_that_are_next_to_nothing_are_nothing) {
  NumberReader numbers;
  EXPECT_EQ(numbers.required({{"key", 1e-320}}, "key", ranges::amount), 0);
  EXPECT_EQ(numbers.problem(), "");
}

// The page shows what readers accept.
TEST(NumberRanges, stand_in_the_documentation) {
  const std::vector<std::pair<const char*, Range>> all = {
      {"length of a run, s", ranges::run_seconds},
      {"a part of a run or CPU time, s", ranges::part_seconds},
      {"a share of something", ranges::share},
      {"messages, bytes, blocks, barriers, ratios of them", ranges::amount},
      {"ranks, nodes, CPUs", ranges::processes},
      {"number of a CPU", ranges::cpu_number},
      {"cost of a step, ns or us", ranges::cost},
      {"cache line's round trip, ns", ranges::core_distance_ns},
      {"speed relative to another", ranges::factor},
      {"10^9 bytes/s", ranges::gb_per_s},
      {"work per message", ranges::work_units}};
  const auto rows = buddy::testing::first_table(
      buddy::testing::Page("formats/README.md").section("Numbers in JSON"));
  ASSERT_EQ(rows.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [what, range] = all[i];
    EXPECT_EQ(rows[i].at(0), what);
    EXPECT_EQ(std::stod(rows[i].at(1)), range.least) << what;
    EXPECT_EQ(std::stod(rows[i].at(2)), range.most) << what;
    EXPECT_EQ(rows[i].at(3), range.whole ? "whole" : "") << what;
  }
}

}  // namespace
}  // namespace buddy::tools
