// What `auto` means, by how many agents there are and how many of them the network is between.
#include <gtest/gtest.h>

#include "wire/job_map.hpp"
#include "wire/routes.hpp"

namespace buddy::wire {
namespace {

/// So many agents, spread evenly over nodes; every node a machine if \p machines.
JobMap map_of(std::uint32_t agents, std::uint32_t nodes, bool machines) {
  JobMap map;
  for (std::uint32_t agent = 0; agent < agents; ++agent) {
    map.agent_of_rank.push_back(agent);
    map.node_of_agent.push_back(agent * nodes / agents);
    map.machine_of_agent.push_back(machines ? map.node_of_agent.back() : 0);
  }
  return map;
}

Routing chosen(const JobMap& map) { return chosen_routing(Routing::automatic, map); }

TEST(ChosenRouting, small_jobs_are_direct) {
  EXPECT_EQ(chosen(map_of(2, 2, true)), Routing::direct);
  EXPECT_EQ(chosen(map_of(8, 8, true)), Routing::direct) << "7 others";
  EXPECT_EQ(chosen(map_of(64, 1, false)), Routing::direct) << "all share memory";
  EXPECT_EQ(chosen(map_of(64, 8, false)), Routing::direct) << "all share memory on one machine";
}

TEST(ChosenRouting, many_agents_take_two_hops) {
  EXPECT_EQ(chosen(map_of(9, 9, true)), Routing::grid) << "8 others over the network";
  EXPECT_EQ(chosen(map_of(65, 1, false)), Routing::grid);
  EXPECT_EQ(chosen(map_of(4096, 4096, true)), Routing::grid);
}

TEST(ChosenRouting, a_network_on_one_machine_counts_between_its_nodes) {
  JobMap map = map_of(16, 2, false);
  EXPECT_EQ(chosen(map), Routing::direct);
  map.fabric = FabricKind::ucx;
  EXPECT_EQ(chosen(map), Routing::grid) << "8 of them are over the network";
  map = map_of(14, 2, false);
  map.fabric = FabricKind::ucx;
  EXPECT_EQ(chosen(map), Routing::direct) << "7 of them";
}

TEST(ChosenRouting, what_was_asked_for_is_what_comes) {
  const JobMap map = map_of(100, 4, true);
  for (const Routing asked : {Routing::direct, Routing::node, Routing::grid}) {
    EXPECT_EQ(chosen_routing(asked, map), asked);
  }
}

}  // namespace
}  // namespace buddy::wire
