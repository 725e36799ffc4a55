// The sizes that everything else relies on, for every number of agents.
#include "arena/sizes.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "wire/control.hpp"

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

// What one rank of a host-placed job takes in all: its inbound rings, loopback, and open blocks.
std::size_t host_rank_bytes(std::size_t ranks) {
  const Sizes sizes = sizes_for(ranks);
  const std::size_t hops = ranks;  // itself and the other agents
  return fabric_arena_bytes(ranks, sizes) + 2 * ring_bytes(sizes.loopback_ring_bytes) +
         (hops + 1) * open_block_bytes(sizes);
}

TEST(Sizes, memory_of_a_rank_is_bounded) {
  constexpr std::size_t mib = 1u << 20;
  EXPECT_LE(host_rank_bytes(2), 16 * mib);
  EXPECT_LE(host_rank_bytes(64), 64 * mib);
}

}  // namespace
}  // namespace buddy::arena
