// Which jobs options stand for, and what is refused.
#include "tools/scale/scale_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace buddy::tools {
namespace {

TEST(ScalePlan, every_combination_in_order) {
  ScaleOptions options;
  options.agents = {64, 100};
  options.messages = {10, 20};
  options.traffics = {Traffic::histogram, Traffic::skewed};
  const auto jobs = plan_scale(options);
  ASSERT_TRUE(jobs.ok());
  ASSERT_EQ(jobs.value().size(), 16u);
  EXPECT_EQ(jobs.value()[0].name(), "64 agents, histogram, 10 messages, direct");
  EXPECT_EQ(jobs.value()[1].name(), "64 agents, histogram, 10 messages, grid");
  EXPECT_EQ(jobs.value()[15].name(), "100 agents, skewed, 20 messages, grid");
  EXPECT_EQ(jobs.value()[15].nodes, 100u);
}

TEST(ScalePlan, routings_that_are_the_same_are_simulated_once) {
  ScaleOptions options;
  options.agents = {64};
  options.traffics = {Traffic::histogram};
  options.routings = {Routing::node, Routing::direct, Routing::grid, Routing::automatic};
  const auto apart = plan_scale(options);
  ASSERT_TRUE(apart.ok());
  EXPECT_EQ(apart.value().size(), 2u) << "every engine is a node: node is direct";
  options.nodes = 4;
  const auto together = plan_scale(options);
  ASSERT_TRUE(together.ok());
  EXPECT_EQ(together.value().size(), 3u);
}

TEST(ScalePlan, jobs_that_cannot_be_are_refused) {
  ScaleOptions options;
  options.nodes = 65;
  EXPECT_NE(plan_scale(options).status().message().find("--nodes 65 is more than 64 agents"),
            std::string::npos);
  options = {};
  options.ranks_per_agent = 65;
  EXPECT_NE(plan_scale(options).status().message().find("1024 agents with 65 rank(s) each are"),
            std::string::npos);
  options = {};
  options.knobs.block_bytes = 5000;
  EXPECT_FALSE(plan_scale(options).ok());
}

TEST(ScaleCosts, are_read_by_name) {
  ScaleModel model;
  EXPECT_EQ(take_costs("packet=2000,latency=1500,near-byte=0.25", model), "");
  EXPECT_EQ(model.packet_ns, 2000);
  EXPECT_EQ(model.latency_ns, 1500u);
  EXPECT_EQ(model.near_byte_ns, 0.25);
  EXPECT_NE(take_costs("paket=1", model).find("did you mean 'packet'?"), std::string::npos);
  for (const char* wrong : {"packet", "packet=", "packet=-1", "packet=1x", "packet=1e10",
                            "packet=nan", "gbytes=0", ""}) {
    EXPECT_NE(take_costs(wrong, model), "") << wrong;
  }
}

std::map<std::uint32_t, int> destinations(Traffic traffic, std::uint32_t rank, int messages) {
  ScaleCase job;
  job.agents = 1000;
  job.traffic = traffic;
  Destinations next(job, rank);
  std::map<std::uint32_t, int> count;
  for (int i = 0; i < messages; ++i) ++count[next.next()];
  return count;
}

TEST(Destinations, of_a_histogram_are_all_ranks_alike) {
  const auto count = destinations(Traffic::histogram, 7, 100'000);
  EXPECT_EQ(count.size(), 1000u);
  EXPECT_LT(count.rbegin()->first, 1000u);
  for (const auto& [rank, messages] : count) EXPECT_NEAR(messages, 100, 60) << rank;
}

TEST(Destinations, of_skewed_traffic_are_half_of_them_a_tenth_of_the_ranks) {
  const auto count = destinations(Traffic::skewed, 7, 100'000);
  int hot = 0;
  for (const auto& [rank, messages] : count) hot += rank % 10 == 0 ? messages : 0;
  EXPECT_NEAR(hot, 55'000, 1'000) << "half of them, and a tenth of the other half";
}

TEST(Destinations, of_neighbours_are_six_ranks_that_send_back) {
  EXPECT_EQ(torus_side(1000), 10u);
  const auto count = destinations(Traffic::neighbour, 5, 10'000);
  ASSERT_EQ(count.size(), 6u);
  for (const auto& [rank, messages] : count) {
    EXPECT_NEAR(messages, 1667, 300) << rank;
    EXPECT_TRUE(destinations(Traffic::neighbour, rank, 1000).contains(5)) << rank;
  }
}

}  // namespace
}  // namespace buddy::tools
