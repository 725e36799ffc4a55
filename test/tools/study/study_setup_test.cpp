#include "tools/study/study_setup.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

std::vector<int> cpus(int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

TEST(StudySetup, on_two_cpus_ranks_share_one_and_engines_the_other) {
  const auto setup = complete_setup({}, cpus(2));
  ASSERT_TRUE(setup.ok()) << setup.status().message();
  EXPECT_EQ(setup.value().ranks, 2);
  EXPECT_EQ(setup.value().nodes, 2);
  EXPECT_EQ(setup.value().fabric, "ucx");
  EXPECT_EQ(setup.value().host_cpus, "0");
  EXPECT_EQ(setup.value().engine_cpus, "1");
  EXPECT_EQ(setup.value().dpu, "bluefield3");
}

TEST(StudySetup, of_many_cpus_the_last_ones_are_the_engines) {
  const auto setup = complete_setup({}, cpus(8));
  ASSERT_TRUE(setup.ok());
  EXPECT_EQ(setup.value().ranks, 6);
  EXPECT_EQ(setup.value().host_cpus, "0-5");
  EXPECT_EQ(setup.value().engine_cpus, "6-7");
}

TEST(StudySetup, ranks_fill_nodes_evenly) {
  const auto setup = complete_setup({}, cpus(7));
  ASSERT_TRUE(setup.ok());
  EXPECT_EQ(setup.value().ranks, 4);
  EXPECT_EQ(setup.value().host_cpus, "0-4");
}

TEST(StudySetup, what_is_named_stays_and_the_other_list_gets_the_rest) {
  const auto engines = complete_setup({.engine_cpus = "0"}, cpus(2));
  ASSERT_TRUE(engines.ok());
  EXPECT_EQ(engines.value().host_cpus, "1");
  const auto ranks = complete_setup({.ranks = 2, .host_cpus = "1"}, cpus(2));
  ASSERT_TRUE(ranks.ok());
  EXPECT_EQ(ranks.value().engine_cpus, "0");
}

TEST(StudySetup, one_cpu_or_a_job_that_cannot_be_is_refused) {
  EXPECT_NE(complete_setup({}, cpus(1)).status().message().find("needs two CPUs"),
            std::string::npos);
  EXPECT_FALSE(complete_setup({.ranks = 1, .nodes = 2}, cpus(2)).ok());
  EXPECT_FALSE(complete_setup({.host_cpus = "17"}, cpus(2)).ok());
  EXPECT_FALSE(complete_setup({.fabric = "ucxx"}, cpus(2)).ok());
  EXPECT_NE(complete_setup({.dpu = "slowdown=0.5"}, cpus(2)).status().message().find("--dpu"),
            std::string::npos);
}

TEST(StudySetup, memory_traffic_that_cannot_be_measured_so_is_refused) {
  EXPECT_NE(complete_setup({.dram = "bogus"}, cpus(2)).status().message().find("bogus"),
            std::string::npos);
}

TEST(StudySetup, comes_back_from_json) {
  const auto setup = complete_setup({.repeat = 3, .quick = true}, cpus(2));
  ASSERT_TRUE(setup.ok());
  EXPECT_EQ(StudySetup::from_json(setup.value().to_json()), setup.value());
  EXPECT_EQ(StudySetup::from_json(Json{{"ranks", "many"}, {"quick", 1}}), StudySetup{});
}

TEST(StudySetup, says_where_it_differs) {
  EXPECT_EQ(StudySetup{.ranks = 2}.difference_to({.ranks = 4}), "'ranks' is 4 there, not 2");
  EXPECT_EQ(StudySetup{}.difference_to({}), "");
}

}  // namespace
}  // namespace buddy::tools
