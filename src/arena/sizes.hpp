// How much memory rings and blocks get: the one place that decides it.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "arena/ring.hpp"
#include "wire/block_builder.hpp"

namespace buddy::arena {

/// More ranks than this are refused: an agent keeps an open block and a ring per next hop.
inline constexpr int max_ranks = 4096;
/// Largest message payload that travels in one item; larger ones are cut into fragments.
inline constexpr std::uint32_t max_item_bytes = 8192;

/// Sizes that depend on how many next hops an agent has.
/// Figures behind them: docs/design/memory.md.
struct Sizes {
  std::size_t block_bytes;          ///< body of an open block
  std::size_t fabric_ring_bytes;    ///< capacity of the ring between two agents on one machine
  std::size_t link_ring_bytes;      ///< capacity of each ring between a rank and its engine
  std::size_t loopback_ring_bytes;  ///< the same when the engine is inside the rank
};

constexpr Sizes sizes_for(std::size_t agents) {
  constexpr std::size_t kib = 1024;
  Sizes sizes{};
  sizes.block_bytes = agents <= 256 ? 32 * kib : 16 * kib;
  const std::size_t share =
      std::bit_floor((std::size_t{8} << 20) / std::max<std::size_t>(agents, 1));
  sizes.fabric_ring_bytes = std::clamp(share, 4 * sizes.block_bytes, 512 * kib);
  sizes.link_ring_bytes = 512 * kib;
  sizes.loopback_ring_bytes = 128 * kib;
  return sizes;
}

/// Buffer of an open block whose body may hold block_bytes.
constexpr std::size_t open_block_bytes(const Sizes& sizes) {
  return sizes.block_bytes + wire::BlockBuilder::slack_bytes;
}

/// /dev/shm that one agent takes for its inbound rings, bytes. \param agents on its machine
constexpr std::size_t fabric_arena_bytes(std::size_t agents, const Sizes& sizes) {
  return agents * ring_bytes(sizes.fabric_ring_bytes);
}

}  // namespace buddy::arena
