// What a plan says of the engines of its job, and which way messages go between them.
#include "launch/plan_routes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace buddy::launch {
namespace {

const std::vector<int> two_cpus = {0, 1};

JobPlan plan_of(int ranks, int nodes, Place placement, Routing routing, int workers = 1) {
  JobPlan plan;
  plan.ranks = ranks;
  plan.nodes = nodes;
  plan.placement = placement;
  plan.workers = workers;
  plan.fabric = "shm";
  plan.routing = routing;
  return plan;
}

std::uint32_t agents_of(Place placement, int ranks, int nodes, int workers) {
  return planned_map(plan_of(ranks, nodes, placement, Routing::direct, workers)).agents();
}

TEST(PlanRoutes, agents_are_counted_as_ranks_are_split) {
  EXPECT_EQ(agents_of(Place::host, 5, 2, 1), 5u);
  EXPECT_EQ(agents_of(Place::engine, 5, 2, 1), 2u);
  EXPECT_EQ(agents_of(Place::engine, 5, 2, 3), 5u);
  EXPECT_EQ(agents_of(Place::engine, 5, 2, 2), 4u);
  EXPECT_EQ(agents_of(Place::engine, 3, 2, 2), 3u);
}

TEST(PlanRoutes, the_map_is_the_one_that_ranks_make) {
  const wire::JobMap map = planned_map(plan_of(5, 2, Place::engine, Routing::grid, 2));
  EXPECT_EQ(map.agent_of_rank, (std::vector<std::uint32_t>{0, 1, 0, 2, 3}));
  EXPECT_EQ(map.node_of_agent, (std::vector<std::uint32_t>{0, 0, 1, 1}));
  EXPECT_EQ(map.machine_of_agent, (std::vector<std::uint32_t>{0, 0, 0, 0}));
  EXPECT_EQ(map.routing, Routing::grid);
  EXPECT_TRUE(map.consistent(10));
}

TEST(PlanRoutes, machines_of_a_host_file_are_machines_of_the_map) {
  JobPlan plan = plan_of(5, 1, Place::host, Routing::node);
  plan.hosts = {{.name = "a", .first_rank = 0, .ranks = 3},
                {.name = "b", .first_rank = 3, .ranks = 2}};
  const wire::JobMap map = planned_map(plan);
  EXPECT_EQ(map.node_of_agent, (std::vector<std::uint32_t>{0, 0, 0, 1, 1}));
  EXPECT_EQ(map.machine_of_agent, map.node_of_agent);
  EXPECT_TRUE(wire::Routes(map).forwards());
}

TEST(PlanRoutes, most_ranks_are_counted_without_overflow) {
  EXPECT_EQ(agents_of(Place::engine, 65'536, 65'536, 1), 65'536u);
}

TEST(PlanRoutes, an_option_counts_more_than_the_environment) {
  ::setenv("BUDDY_ROUTING", "grid", 1);
  EXPECT_EQ(routing_of({}).value(), Routing::grid);
  EXPECT_EQ(routing_of({.routing = Routing::direct}).value(), Routing::direct);
  ::setenv("BUDDY_ROUTING", "torus", 1);
  EXPECT_EQ(routing_of({.routing = Routing::direct}).value(), Routing::direct);
  const std::string said = plan_job({.ranks = 2}, two_cpus).status().message();
  EXPECT_EQ(said,
            "BUDDY_ROUTING=torus means nothing (allowed are auto, direct, node and grid) correct "
            "the variable or leave it unset");
  ::unsetenv("BUDDY_ROUTING");
  EXPECT_EQ(routing_of({}).value(), Routing::automatic);
}

TEST(PlanRoutes, ranks_are_told_what_was_asked_for) {
  const auto told = [](Routing routing, int nodes) {
    const auto plan = plan_job({.ranks = 4, .nodes = nodes, .routing = routing}, two_cpus);
    for (const auto& [name, value] : job_environment(plan.value(), "/d", "key")) {
      if (name == "BUDDY_ROUTING") return value;
    }
    return std::string("nothing");
  };
  EXPECT_EQ(told(Routing::automatic, 1), "auto");
  EXPECT_EQ(told(Routing::grid, 1), "grid");
  EXPECT_EQ(told(Routing::node, 2), "node");
  EXPECT_EQ(told(Routing::node, 1), "direct") << "it has been said that it is";
}

TEST(PlanRoutes, routing_that_changes_nothing_is_said) {
  const auto why = [](int ranks, int nodes, Place placement, Routing routing) {
    return why_direct(plan_of(ranks, nodes, placement, routing));
  };
  EXPECT_EQ(why(4, 1, Place::host, Routing::node),
            "--routing node is direct routing in placement host (there is one node) leave it out, "
            "or start more nodes");
  EXPECT_EQ(why(4, 4, Place::host, Routing::node),
            "--routing node is direct routing in placement host (every node has one engine) leave "
            "it out, or start more engines");
  EXPECT_NE(why(4, 2, Place::engine, Routing::node).find("every node has one engine"),
            std::string::npos);
  EXPECT_NE(why(2, 1, Place::host, Routing::grid).find("a grid of 2 has one row"),
            std::string::npos);
  EXPECT_EQ(why(4, 2, Place::host, Routing::node), "");
  EXPECT_EQ(why(7, 1, Place::host, Routing::grid), "") << "of a prime number";
  EXPECT_EQ(why(2, 1, Place::host, Routing::direct), "");
  EXPECT_EQ(why(2, 1, Place::host, Routing::automatic), "");
  JobPlan served = plan_of(2, 1, Place::engine, Routing::grid);
  served.services.resize(1);
  EXPECT_EQ(why_direct(served), "") << "how many workers a service has is not known";
}

TEST(PlanRoutes, more_channels_than_an_engine_can_have_are_refused) {
  constexpr auto most = static_cast<int>(wire::most_direct_agents);
  EXPECT_TRUE(check_routing(plan_of(most, 1, Place::host, Routing::direct)).ok());
  const Status said = check_routing(plan_of(most + 1, 1, Place::host, Routing::direct));
  EXPECT_EQ(said.code(), ErrorCode::invalid_argument);
  EXPECT_NE(said.message().find("4097 engines cannot all have channels to each other (at most "
                                "4096 can) use --routing grid"),
            std::string::npos)
      << said.message();
  EXPECT_TRUE(check_routing(plan_of(most + 1, 1, Place::host, Routing::grid)).ok());
  EXPECT_TRUE(check_routing(plan_of(most + 1, 2, Place::engine, Routing::direct)).ok());
  EXPECT_FALSE(plan_job({.ranks = most + 1, .routing = Routing::direct}, two_cpus).ok());
}

}  // namespace
}  // namespace buddy::launch
