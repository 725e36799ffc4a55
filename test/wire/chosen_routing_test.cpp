// What `auto` means, by how many agents there are.
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

TEST(ChosenRouting, up_to_64_agents_are_direct) {
  EXPECT_EQ(chosen(map_of(2, 2, true)), Routing::direct);
  EXPECT_EQ(chosen(map_of(64, 1, false)), Routing::direct);
  EXPECT_EQ(chosen(map_of(64, 64, true)), Routing::direct);
}

TEST(ChosenRouting, more_take_two_hops) {
  EXPECT_EQ(chosen(map_of(65, 1, false)), Routing::grid);
  EXPECT_EQ(chosen(map_of(65, 65, true)), Routing::grid);
  EXPECT_EQ(chosen(map_of(4096, 4096, true)), Routing::grid);
}

TEST(ChosenRouting, what_was_asked_for_is_what_comes) {
  const JobMap map = map_of(100, 4, true);
  for (const Routing asked : {Routing::direct, Routing::node, Routing::grid}) {
    EXPECT_EQ(chosen_routing(asked, map), asked);
  }
}

}  // namespace
}  // namespace buddy::wire
