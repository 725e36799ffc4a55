#include "tools/study/paired_runs.hpp"

#include <gtest/gtest.h>

#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

/// Turn k of shared takes 2 + k / 10 seconds, of engine 1.
Json results(int turns) {
  Json runs = Json::array();
  for (int k = 0; k < turns; ++k) {
    runs.push_back(
        {{"workload", "a"}, {"placement", "shared"}, {"pair", k}, {"seconds", 2 + k / 10.0}});
    runs.push_back({{"workload", "a"}, {"placement", "engine"}, {"pair", k}, {"seconds", 1}});
    runs.push_back({{"workload", "b"}, {"placement", "engine"}, {"pair", k}, {"seconds", 9}});
  }
  return runs;
}

TEST(PairedRuns, of_seven_turns_have_an_interval) {
  const Json all = compare_pairs(results(7), "a");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["of"], "engine");
  EXPECT_EQ(all[0]["over"], "shared");
  EXPECT_DOUBLE_EQ(all[0]["speedup"].get<double>(), 2.3);
  EXPECT_DOUBLE_EQ(all[0]["low"].get<double>(), 2.0);
  EXPECT_DOUBLE_EQ(all[0]["high"].get<double>(), 2.6);
  EXPECT_EQ(all[0]["pairs"], 7);
  EXPECT_EQ(all[0]["outcome"], "pays");
}

TEST(PairedRuns, of_five_turns_have_none) {
  const Json all = compare_pairs(results(5), "a");
  EXPECT_EQ(all[0]["low"], nullptr);
  EXPECT_EQ(all[0]["high"], nullptr);
  EXPECT_EQ(all[0]["outcome"], "none");
}

TEST(PairedRuns, without_a_partner_or_without_time_are_left_out) {
  Json runs = results(7);
  runs.push_back({{"workload", "a"}, {"placement", "shared"}, {"pair", 99}, {"seconds", 50}});
  runs[0]["seconds"] = 0;
  runs.push_back(7);
  EXPECT_EQ(compare_pairs(runs, "a")[0]["pairs"], 6);
  EXPECT_TRUE(compare_pairs(runs, "b").empty());
  EXPECT_TRUE(compare_pairs(Json::object(), "a").empty());
}

}  // namespace
}  // namespace buddy::tools
