// The sizes that everything else relies on, for every number of agents.
#include "arena/sizes.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <vector>

#include "wire/control.hpp"
#include "wire/routes.hpp"

namespace buddy::arena {
namespace {

std::size_t frame_bytes(std::size_t body) {
  return (sizeof(wire::FrameHeader) + body + frame_alignment - 1) / frame_alignment *
         frame_alignment;
}

class SizesFor : public testing::TestWithParam<std::size_t> {};

TEST_P(SizesFor, rings_take_two_of_the_largest_frames) {
  const Sizes sizes = sizes_for(GetParam());
  const std::size_t failure =
      wire::encode_failure({ErrorCode::system, std::string(5000, 'x')}).size();
  const std::size_t largest = frame_bytes(std::max(sizes.block_bytes, failure));
  for (const std::size_t ring :
       {sizes.fabric_ring_bytes, sizes.link_ring_bytes, sizes.loopback_ring_bytes}) {
    EXPECT_TRUE(std::has_single_bit(ring));
    EXPECT_GE(ring, 2 * largest);
  }
}

TEST_P(SizesFor, blocks_take_the_largest_item) {
  const Sizes sizes = sizes_for(GetParam());
  EXPECT_EQ(sizes.block_bytes % 8, 0u);
  EXPECT_LE(sizes.block_bytes, wire::max_body_bytes);
  EXPECT_GE(sizes.block_bytes, sizeof(wire::RunHeader) + 8 + max_item_bytes);
}

INSTANTIATE_TEST_SUITE_P(Agents, SizesFor,
                         testing::Values(1, 2, 3, 7, 16, 64, 100, 255, 256, 257, 1000, 4096));

TEST(Sizes, direct_routing_of_a_job_counts_all_its_agents) {
  const std::vector<std::uint32_t> one_node(300, 0);
  const Sizes direct = sizes_for(wire::Routes(Routing::direct, one_node), {});
  EXPECT_EQ(direct.block_bytes, sizes_for(300).block_bytes);
  EXPECT_EQ(direct.fabric_ring_bytes, sizes_for(300).fabric_ring_bytes);
  const wire::Routes grid(Routing::grid, one_node);
  const Sizes forwarding = sizes_for(grid, {});
  EXPECT_EQ(forwarding.block_bytes, std::size_t{32} << 10) << "few channels have large blocks";
  EXPECT_EQ(forwarding.fabric_ring_bytes,
            sizes_for(grid.most_neighbours() + 1, {}, true).fabric_ring_bytes);
}

// What one rank of a host-placed job takes in all: its inbound rings, loopback, and open blocks.
std::size_t host_rank_bytes(std::size_t ranks, Routing routing) {
  const std::vector<std::uint32_t> one_node(ranks, 0);
  const wire::Routes routes(routing, one_node);
  const Sizes sizes = sizes_for(routes, {});
  const std::size_t hops = routes.most_neighbours() + 1;  // its rank, too
  return fabric_arena_bytes(hops - 1, sizes) + 2 * ring_bytes(sizes.loopback_ring_bytes) +
         (hops + 1) * open_block_bytes(sizes);
}

TEST(Sizes, memory_of_a_rank_is_bounded) {
  constexpr std::size_t mib = 1u << 20;
  EXPECT_LE(host_rank_bytes(2, Routing::direct), 16 * mib);
  EXPECT_LE(host_rank_bytes(64, Routing::direct), 64 * mib);
  EXPECT_LE(host_rank_bytes(256, Routing::grid), 8 * mib);
  EXPECT_LE(host_rank_bytes(4096, Routing::grid), 32 * mib);
}

}  // namespace
}  // namespace buddy::arena
