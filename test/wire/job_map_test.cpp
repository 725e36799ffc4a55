#include "wire/job_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/seeds.hpp"

namespace buddy::wire {
namespace {

/// 3 nodes on 2 machines: agents 0 and 1 on node 0, 2 on node 1 (same machine), 3 on node 2.
JobMap example(FabricKind fabric) {
  JobMap map;
  map.fabric = fabric;
  map.agent_of_rank = {0, 1, 0, 2, 3, 3};
  map.node_of_agent = {0, 0, 1, 2};
  map.machine_of_agent = {0, 0, 0, 1};
  return map;
}

TEST(JobMap, finds_who_is_where) {
  const JobMap map = example(FabricKind::shm);
  EXPECT_EQ(map.ranks(), 6u);
  EXPECT_EQ(map.agents(), 4u);
  EXPECT_EQ(map.ranks_of({0}), (std::vector<RankId>{{0}, {2}}));
  EXPECT_EQ(map.ranks_of({3}), (std::vector<RankId>{{4}, {5}}));
  EXPECT_EQ(map.nodes(), 3u);
  EXPECT_EQ(map.agent_of(RankId{3}), AgentId{2});
  EXPECT_EQ(map.node_of(RankId{1}), NodeId{0});
  EXPECT_EQ(map.node_of(RankId{5}), NodeId{2});
  EXPECT_TRUE(map.consistent(6));
  EXPECT_FALSE(map.consistent(5)) << "more ranks than allowed";
}

TEST(JobMap, one_rank_speaks_for_each_agent) {
  const JobMap map = example(FabricKind::shm);
  std::vector<std::uint32_t> speakers;
  for (std::uint32_t rank = 0; rank < map.ranks(); ++rank) {
    if (map.is_representative(RankId{rank})) speakers.push_back(rank);
  }
  EXPECT_EQ(speakers, (std::vector<std::uint32_t>{0, 1, 3, 4}));
}

TEST(JobMap, inconsistent_ones_are_recognised) {
  EXPECT_FALSE(JobMap().consistent(10)) << "no ranks";
  JobMap map = example(FabricKind::shm);
  map.agent_of_rank[3] = 4;
  EXPECT_FALSE(map.consistent(10)) << "an agent that is not there";
  map = example(FabricKind::shm);
  map.machine_of_agent.pop_back();
  EXPECT_FALSE(map.consistent(10)) << "tables of different sizes";
  map = example(static_cast<FabricKind>(7));
  EXPECT_FALSE(map.consistent(10)) << "no such fabric";
  map = example(FabricKind::shm);
  map.node_of_agent.resize(1000);
  map.machine_of_agent.resize(1000);
  EXPECT_FALSE(map.consistent(10)) << "more agents than anybody needs";
}

TEST(JobMap, says_what_carries_messages_between_nodes) {
  JobMap map{.fabric = FabricKind::shm,
             .agent_of_rank = {0, 1},
             .node_of_agent = {0, 1},
             .machine_of_agent = {0, 0}};
  EXPECT_EQ(map.carrier(), FabricKind::shm);
  map.machine_of_agent = {0, 1};
  EXPECT_EQ(map.carrier(), FabricKind::ucx);
  map.machine_of_agent = {0, 0};
  map.fabric = FabricKind::ucx;
  EXPECT_EQ(map.carrier(), FabricKind::ucx);
}

}  // namespace
}  // namespace buddy::wire
