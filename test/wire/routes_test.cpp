#include "wire/routes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "support/seeds.hpp"
#include "wire/job_map.hpp"

namespace buddy::wire {
namespace {

std::vector<std::uint32_t> nodes_of(const std::vector<std::uint32_t>& sizes) {
  std::vector<std::uint32_t> node_of_agent;
  for (std::uint32_t node = 0; node < sizes.size(); ++node) {
    node_of_agent.insert(node_of_agent.end(), sizes[node], node);
  }
  return node_of_agent;
}

bool are_neighbours(const Routes& routes, AgentId a, AgentId b) {
  const std::vector<AgentId> all = routes.neighbours(a);
  return std::find(all.begin(), all.end(), b) != all.end();
}

/// What the class promises, of every pair of agents.
void check(const Routes& routes) {
  std::uint32_t most = 0;
  for (std::uint32_t a = 0; a < routes.agents(); ++a) {
    const std::vector<AgentId> all = routes.neighbours({a});
    most = std::max(most, static_cast<std::uint32_t>(all.size()));
    std::set<std::uint32_t> once;
    bool across = false;
    for (const AgentId b : all) {
      ASSERT_TRUE(once.insert(b.value).second) << a << " twice " << b.value;
      ASSERT_NE(b.value, a);
      ASSERT_TRUE(are_neighbours(routes, b, {a})) << a << " and " << b.value;
      if (!routes.along({a}, b)) across = true;
      ASSERT_EQ(routes.along({a}, b), !across) << "those of the own group come first";
    }
    for (std::uint32_t b = 0; b < routes.agents(); ++b) {
      if (a == b) continue;
      const AgentId first = routes.next_hop({a}, {b});
      ASSERT_TRUE(once.count(first.value)) << a << " to " << b;
      if (first.value == b) continue;
      ASSERT_FALSE(routes.along({a}, first)) << "a first hop of two leads across";
      ASSERT_EQ(routes.next_hop(first, {b}), AgentId{b});
      ASSERT_TRUE(routes.along(first, {b})) << "and the second one along";
    }
  }
  ASSERT_EQ(routes.most_neighbours(), most);
}

TEST(Routes, direct_ones_join_all) {
  const Routes routes(Routing::direct, nodes_of({3, 2}));
  check(routes);
  EXPECT_FALSE(routes.forwards());
  EXPECT_EQ(routes.most_neighbours(), 4u);
  EXPECT_EQ(routes.next_hop({0}, {4}), AgentId{4});
}

TEST(Routes, between_nodes_agents_meet_their_namesakes) {
  const Routes routes(Routing::node, nodes_of({4, 4, 4}));
  check(routes);
  EXPECT_EQ(routes.most_neighbours(), 3u + 2u);
  EXPECT_EQ(routes.next_hop({1}, {11}), AgentId{9});
  EXPECT_EQ(routes.next_hop({9}, {11}), AgentId{11});
}

TEST(Routes, a_grid_has_two_roots_of_channels) {
  for (const std::uint32_t side : {2u, 8u, 16u, 64u}) {
    const Routes routes(Routing::grid, nodes_of({side * side}));
    EXPECT_EQ(routes.most_neighbours(), 2 * (side - 1));
    EXPECT_EQ(routes.neighbours({5 % (side * side)}).size(), 2 * (side - 1));
  }
  const Routes most(Routing::grid, nodes_of({65'536}));
  EXPECT_EQ(most.most_neighbours(), 510u);
}

TEST(Routes, any_number_of_agents_makes_a_grid) {
  for (std::uint32_t agents = 1; agents <= 130; ++agents) {
    SCOPED_TRACE(agents);
    const Routes routes(Routing::grid, nodes_of({agents}));
    check(routes);
    std::uint32_t side = 1;
    while (side * side < agents) ++side;
    // One more where a namesake is missing.
    EXPECT_LE(routes.most_neighbours(), std::max(2 * side, 2u) - 2 + 2);
  }
}

TEST(Routes, nodes_of_any_sizes) {
  test::for_each_seed(500, [](std::uint64_t seed) {
    test::Random random(seed);
    std::vector<std::uint32_t> sizes(random.between(1, 6));
    for (std::uint32_t& size : sizes) size = random.between(1, 9);
    check(Routes(Routing::node, nodes_of(sizes)));
  });
}

// Where one node is much smaller, its agents share the work of standing in.
TEST(Routes, nobody_stands_in_for_all) {
  const Routes routes(Routing::node, nodes_of({64, 8}));
  check(routes);
  for (std::uint32_t a = 64; a < 72; ++a) EXPECT_EQ(routes.neighbours({a}).size(), 7u + 8u);
}

// Full channels cannot wait for each other: what waits for a channel along a group came from a
// rank or from across, what waits for one across came from a rank. So the graph of "waits for" has
// no circle. Built here channel by channel.
TEST(Routes, channels_wait_for_later_ones_only) {
  test::for_each_seed(200, [](std::uint64_t seed) {
    test::Random random(seed);
    std::vector<std::uint32_t> sizes(random.between(1, 5));
    for (std::uint32_t& size : sizes) size = random.between(1, 6);
    const std::vector<std::uint32_t> nodes = nodes_of(sizes);
    const Routes routes(random.one_in(2) ? Routing::grid : Routing::node, nodes);
    const std::uint32_t agents = routes.agents();
    const auto channel = [&](std::uint32_t from, std::uint32_t to) { return from * agents + to; };
    std::vector<std::set<std::uint32_t>> waits_for(std::size_t{agents} * agents);
    for (std::uint32_t a = 0; a < agents; ++a) {
      for (std::uint32_t b = 0; b < agents; ++b) {
        if (a == b) continue;
        const std::uint32_t via = routes.next_hop({a}, {b}).value;
        if (via != b) waits_for[channel(a, via)].insert(channel(via, b));
      }
    }
    std::vector<int> state(waits_for.size(), 0);  // 1: under way, 2: done
    const std::function<bool(std::uint32_t)> in_circle = [&](std::uint32_t at) {
      if (state[at] != 0) return state[at] == 1;
      state[at] = 1;
      for (const std::uint32_t next : waits_for[at]) {
        if (in_circle(next)) return true;
      }
      state[at] = 2;
      return false;
    };
    for (std::uint32_t c = 0; c < waits_for.size(); ++c) ASSERT_FALSE(in_circle(c));
  });
}

JobMap map_of(Routing routing, const std::vector<std::uint32_t>& node_of_agent) {
  JobMap map;
  map.routing = routing;
  map.node_of_agent = node_of_agent;
  map.machine_of_agent.assign(node_of_agent.size(), 0);
  for (std::uint32_t a = 0; a < node_of_agent.size(); ++a) map.agent_of_rank.push_back(a);
  return map;
}

TEST(Routes, rings_join_neighbours_that_share_memory) {
  JobMap map = map_of(Routing::direct, {0, 0, 1, 2});
  map.machine_of_agent = {0, 0, 0, 1};
  EXPECT_EQ(ring_neighbours(map, Routes(map), {2}), (std::vector<AgentId>{{0}, {1}}));
  EXPECT_EQ(ring_neighbours(map, Routes(map), {3}), (std::vector<AgentId>{}));
  map.fabric = FabricKind::ucx;
  EXPECT_EQ(ring_neighbours(map, Routes(map), {0}), (std::vector<AgentId>{{1}}));
  map = map_of(Routing::node, nodes_of({3, 3}));
  EXPECT_EQ(ring_neighbours(map, Routes(map), {4}), (std::vector<AgentId>{{3}, {5}, {1}}));
}

// Each end of a ring finds its place in the other one's file.
TEST(Routes, ring_neighbours_agree) {
  test::for_each_seed(300, [](std::uint64_t seed) {
    test::Random random(seed);
    std::vector<std::uint32_t> sizes(random.between(1, 5));
    for (std::uint32_t& size : sizes) size = random.between(1, 4);
    const std::array all{Routing::direct, Routing::node, Routing::grid};
    JobMap map = map_of(all[random.below(3)], nodes_of(sizes));
    map.fabric = random.one_in(2) ? FabricKind::shm : FabricKind::ucx;
    for (std::uint32_t a = 0; a < map.agents(); ++a) {
      map.machine_of_agent[a] = map.node_of_agent[a] / 2;
    }
    const Routes routes(map);
    for (std::uint32_t a = 0; a < map.agents(); ++a) {
      for (const AgentId b : ring_neighbours(map, routes, {a})) {
        const std::vector<AgentId> back = ring_neighbours(map, routes, b);
        ASSERT_NE(std::find(back.begin(), back.end(), AgentId{a}), back.end());
      }
    }
  });
}

TEST(Routes, two_hops_only_where_they_differ_from_one) {
  EXPECT_EQ(chosen_routing(Routing::node, map_of(Routing::direct, {0, 0, 0, 0})), Routing::direct);
  EXPECT_EQ(chosen_routing(Routing::node, map_of(Routing::direct, {0, 1, 2, 3})), Routing::direct);
  EXPECT_EQ(chosen_routing(Routing::node, map_of(Routing::direct, {0, 0, 1, 1})), Routing::node);
  EXPECT_EQ(chosen_routing(Routing::grid, map_of(Routing::direct, {0, 0})), Routing::direct);
  EXPECT_EQ(chosen_routing(Routing::grid, map_of(Routing::direct, {0, 0, 0})), Routing::grid);
}

TEST(Routes, maps_that_cannot_be_routed_are_recognised) {
  EXPECT_FALSE(map_of(Routing::automatic, {0, 1}).consistent(100)) << "not chosen";
  EXPECT_FALSE(map_of(static_cast<Routing>(9), {0, 1}).consistent(100));
  EXPECT_FALSE(map_of(Routing::node, {0, 1, 0}).consistent(100)) << "a node in two places";
  EXPECT_FALSE(map_of(Routing::node, {0, 2}).consistent(100)) << "a node without agents";
  EXPECT_FALSE(map_of(Routing::node, {1, 1}).consistent(100));
  EXPECT_TRUE(map_of(Routing::node, {0, 0, 1}).consistent(100));
  const JobMap large = map_of(Routing::direct, nodes_of({most_direct_agents + 1}));
  EXPECT_FALSE(large.consistent(100'000)) << "too many channels";
}

TEST(Routes, names) {
  for (const Routing each : {Routing::automatic, Routing::direct, Routing::node, Routing::grid}) {
    EXPECT_EQ(parse_routing(to_string(each)), each);
  }
  EXPECT_EQ(parse_routing("automatic"), std::nullopt);
  EXPECT_EQ(parse_routing(""), std::nullopt);
}

}  // namespace
}  // namespace buddy::wire
