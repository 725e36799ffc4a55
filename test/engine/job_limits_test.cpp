#include "engine/job_limits.hpp"

#include <gtest/gtest.h>

#include "arena/sizes.hpp"

namespace buddy::engine {
namespace {

/// Four ranks on two nodes of one agent each, on two machines.
wire::JobMap two_nodes() {
  wire::JobMap map;
  map.agent_of_rank = {0, 0, 0, 1};
  map.node_of_agent = {0, 1};
  map.machine_of_agent = {0, 1};
  return map;
}

TEST(JobLimits, memory_grows_with_what_an_agent_serves) {
  const wire::JobMap map = two_nodes();
  const std::uint64_t one_rank = agent_memory_bytes(map, {1});
  const std::uint64_t three_ranks = agent_memory_bytes(map, {0});
  const arena::Sizes sizes = arena::sizes_for(2);
  EXPECT_GE(three_ranks - one_rank, 2 * 2 * sizes.link_ring_bytes);
  EXPECT_GT(one_rank, 2 * sizes.link_ring_bytes + 2 * sizes.fabric_ring_bytes);
}

TEST(JobLimits, chosen_blocks_and_rings_count) {
  wire::JobMap map = two_nodes();
  const std::uint64_t usual = agent_memory_bytes(map, {0});
  map.knobs = {.block_bytes = 1u << 20, .ring_blocks = 64};
  // Two rings for each of three ranks, and a window in each direction to the other machine.
  EXPECT_GE(agent_memory_bytes(map, {0}), usual + (7 * std::uint64_t{64} << 20));
  JobBudget budget({.max_memory_bytes = 2 * usual});
  EXPECT_EQ(budget.take(1, {0}, map).code(), ErrorCode::no_memory);
}

// What an agent keeps of every rank: where it is, and the way there.
TEST(JobLimits, maps_of_large_jobs_count) {
  wire::JobMap map;
  map.agent_of_rank.assign(1000, 0);
  map.node_of_agent = map.machine_of_agent = {0, 0};
  const auto with_others = [&map](std::uint32_t others) {
    wire::JobMap larger = map;
    larger.agent_of_rank.resize(map.ranks() + others, 1);
    return agent_memory_bytes(larger, {0});
  };
  EXPECT_EQ(with_others(60'001) - with_others(1), 60'000u * 2 * sizeof(std::uint32_t));
}

// A window has room for one more packet, in which a frame lies in one piece: with few large blocks
// a quarter more.
TEST(JobLimits, windows_count_as_the_network_makes_them) {
  constexpr std::uint64_t block_bytes = std::uint64_t{1} << 20;
  wire::JobMap two = two_nodes();
  two.knobs = {.block_bytes = block_bytes, .ring_blocks = 4};
  wire::JobMap three = two;
  three.agent_of_rank.push_back(2);
  three.node_of_agent.push_back(2);
  three.machine_of_agent.push_back(2);
  const std::uint64_t more = agent_memory_bytes(three, {1}) - agent_memory_bytes(two, {1});
  const std::uint64_t windows = 2 * (4 * block_bytes + block_bytes);
  EXPECT_GE(more, windows + block_bytes) << "windows, and an open block";
  EXPECT_LT(more, windows + 2 * block_bytes);
}

TEST(JobLimits, ranks_of_the_engines_node_count) {
  JobBudget budget({.max_ranks = 2});
  EXPECT_EQ(budget.take(1, {0}, two_nodes()).code(), ErrorCode::invalid_argument);
  EXPECT_TRUE(budget.take(1, {1}, two_nodes()).ok());
  const Status status = budget.take(1, {0}, two_nodes());
  EXPECT_NE(status.message().find("3, it serves at most 2"), std::string::npos) << status.message();
}

TEST(JobLimits, memory_is_taken_once_for_an_agent_and_given_back_by_the_last) {
  const wire::JobMap map = two_nodes();
  const std::uint64_t bytes = agent_memory_bytes(map, {0});
  JobBudget budget({.max_memory_bytes = bytes});
  ASSERT_TRUE(budget.take(1, {0}, map).ok());
  ASSERT_TRUE(budget.take(1, {0}, map).ok()) << "the second rank of the same agent";
  EXPECT_EQ(budget.used_bytes(), bytes);
  EXPECT_EQ(budget.take(2, {0}, map).code(), ErrorCode::no_memory);
  budget.give_back(1, {0});
  EXPECT_EQ(budget.take(2, {0}, map).code(), ErrorCode::no_memory);
  budget.give_back(1, {0});
  EXPECT_EQ(budget.used_bytes(), 0u);
  EXPECT_TRUE(budget.take(2, {0}, map).ok());
  budget.give_back(9, {9});  // nobody's
  EXPECT_EQ(budget.used_bytes(), bytes);
}

TEST(JobLimits, far_ranks_take_more) {
  const wire::JobMap map = two_nodes();
  EXPECT_EQ(link_surplus_bytes(transport::LinkKind::rings, map, 40'000'000), 0u);
  const std::uint64_t near = link_surplus_bytes(transport::LinkKind::network, map, 100'000);
  const std::uint64_t far = link_surplus_bytes(transport::LinkKind::network, map, 20'000'000);
  EXPECT_GT(far, near + (32u << 20)) << "10 Gbit/s for 20 ms are 25 MB, in both directions";

  const std::uint64_t bytes = agent_memory_bytes(map, {0});
  JobBudget budget({.max_memory_bytes = bytes + 2 * far});
  ASSERT_TRUE(budget.take(1, {0}, map, far).ok());
  ASSERT_TRUE(budget.take(1, {0}, map, far).ok());
  EXPECT_EQ(budget.take(1, {0}, map, far).code(), ErrorCode::no_memory);
  EXPECT_EQ(budget.used_bytes(), bytes + 2 * far);
  budget.give_back(1, {0});
  budget.give_back(1, {0});
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(JobLimits, too_large_is_refused_at_once) {
  JobBudget budget({.max_memory_bytes = 1});
  EXPECT_EQ(budget.take(1, {0}, two_nodes()).code(), ErrorCode::no_memory);
  EXPECT_EQ(budget.used_bytes(), 0u);
}

}  // namespace
}  // namespace buddy::engine
