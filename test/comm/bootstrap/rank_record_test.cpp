// The map that ranks make of what all of them have told, against one made of names.
#include "comm/bootstrap/rank_record.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "arena/sizes.hpp"
#include "support/seeds.hpp"

namespace buddy::comm {
namespace {

/// Where a rank is, by the numbers that a person would give.
struct Seat {
  std::uint32_t machine;
  std::uint32_t node;  ///< on the machine
};

std::vector<RankRecord> records_of(const std::vector<Seat>& seats, std::uint32_t workers) {
  std::vector<RankRecord> records;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> first;
  for (std::uint32_t rank = 0; rank < seats.size(); ++rank) {
    const auto [it, is_new] = first.try_emplace({seats[rank].machine, seats[rank].node}, rank);
    records.push_back({1000 + std::uint64_t{seats[rank].machine}, it->second, workers});
  }
  return records;
}

TEST(RankRecord, nodes_and_machines_are_numbered_as_they_appear) {
  // Ranks of two machines take turns; the second one has two nodes.
  const auto records = records_of({{7, 0}, {3, 1}, {7, 0}, {3, 0}, {3, 1}}, 2);
  const wire::JobMap engines = map_of(records, Placement::engine);
  EXPECT_EQ(engines.node_of_agent, (std::vector<std::uint32_t>{0, 0, 1, 1, 2}));
  EXPECT_EQ(engines.machine_of_agent, (std::vector<std::uint32_t>{0, 0, 1, 1, 1}));
  EXPECT_EQ(engines.agent_of_rank, (std::vector<std::uint32_t>{0, 2, 1, 4, 3}));
  const wire::JobMap host = map_of(records, Placement::host);
  EXPECT_EQ(host.node_of_agent, engines.node_of_agent);
  EXPECT_EQ(host.agent_of_rank, engines.agent_of_rank);
}

TEST(RankRecord, engines_on_one_machine_share_it_whoever_their_ranks_are) {
  std::vector<RankRecord> records = records_of({{1, 0}, {2, 0}, {3, 0}}, 1);
  records[2].agents_machine = records[0].agents_machine;
  EXPECT_EQ(map_of(records, Placement::engine).machine_of_agent,
            (std::vector<std::uint32_t>{0, 1, 0}));
}

TEST(RankRecord, ranks_of_a_node_share_its_agents_evenly) {
  test::for_each_seed(300, [](std::uint64_t seed) {
    test::Random random(seed);
    std::vector<Seat> seats(1 + random.below(60));
    for (Seat& seat : seats) {
      seat = {static_cast<std::uint32_t>(random.below(4)),
              static_cast<std::uint32_t>(random.below(3))};
    }
    const auto workers = static_cast<std::uint32_t>(random.below(6));
    const auto placement = random.one_in(2) ? Placement::host : Placement::engine;
    wire::JobMap map = map_of(records_of(seats, workers), placement);
    map.routing = Routing::node;  // which needs nodes in order
    ASSERT_TRUE(map.consistent(seats.size()));
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> ranks_of;
    for (std::uint32_t rank = 0; rank < seats.size(); ++rank) {
      ranks_of[{seats[rank].machine, seats[rank].node}].push_back(rank);
    }
    std::set<std::uint32_t> nodes_seen;
    std::uint32_t agents = 0;
    for (const auto& [seat, ranks] : ranks_of) {
      const auto count = static_cast<std::uint32_t>(ranks.size());
      const std::uint32_t expected =
          placement == Placement::host ? count : std::clamp(workers, 1u, count);
      std::map<std::uint32_t, std::uint32_t> ranks_on;
      for (const std::uint32_t rank : ranks) {
        ++ranks_on[map.agent_of_rank[rank]];
        EXPECT_EQ(map.node_of(RankId{rank}), map.node_of(RankId{ranks[0]}));
      }
      EXPECT_EQ(ranks_on.size(), expected);
      for (const auto& [agent, on_it] : ranks_on) {
        EXPECT_LE(on_it, (count + expected - 1) / expected);
        EXPECT_GE(on_it, count / expected);
      }
      EXPECT_TRUE(nodes_seen.insert(map.node_of(RankId{ranks[0]}).value).second);
      agents += expected;
    }
    EXPECT_EQ(map.agents(), agents);
  });
}

TEST(RankRecord, the_largest_job_fits) {
  constexpr auto ranks = static_cast<std::uint32_t>(arena::max_ranks);
  constexpr std::uint32_t on_machine = 192;
  std::vector<Seat> seats;
  for (std::uint32_t rank = 0; rank < ranks; ++rank) seats.push_back({rank / on_machine, 0});
  wire::JobMap map = map_of(records_of(seats, 0), Placement::host);
  map.routing = Routing::grid;
  EXPECT_TRUE(map.consistent(ranks));
  EXPECT_EQ(map.agents(), ranks);
  EXPECT_EQ(map.nodes(), (ranks + on_machine - 1) / on_machine);
}

}  // namespace
}  // namespace buddy::comm
