// How much memory rings and blocks get: the one place that decides it.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "arena/ring.hpp"
#include "wire/block_builder.hpp"
#include "wire/knobs.hpp"
#include "wire/routes.hpp"

namespace buddy::arena {

/// More ranks than this are refused: what every agent keeps of every rank would grow beyond 1 MiB.
inline constexpr int max_ranks = 65'536;
/// Largest message payload that travels in one item; larger ones are cut into fragments.
inline constexpr std::uint32_t max_item_bytes = 8192;
/// A body that holds one item of that size and nothing else.
inline constexpr std::size_t largest_item_body_bytes = sizeof(wire::RunHeader) + 8 + max_item_bytes;

/// Sizes that depend on how many channels an agent has, and on what the user has chosen.
/// Figures behind them: docs/design/memory.md.
struct Sizes {
  std::size_t block_bytes;          ///< body of an open block, unless a lone item is larger
  std::size_t fabric_ring_bytes;    ///< capacity of the ring between two agents on one machine
  std::size_t link_ring_bytes;      ///< capacity of each ring between a rank and its engine
  std::size_t loopback_ring_bytes;  ///< the same when the engine is inside the rank
  /// Body of the largest frame with messages, if it is larger than a block: a lone item's.
  std::size_t largest_body_bytes = 0;
  std::size_t window_bytes = 0;  ///< of a peer across a network; 0: by their number and distance
  std::uint64_t hold_ns = 0;     ///< for which a block that is not full is held
};

/// Rings of Buddy's own choice are no larger, and those of a rank and its engine just as large.
inline constexpr std::size_t best_ring_bytes = std::size_t{512} << 10;
/// A ring holds so many blocks at least: a frame lies in one piece, so that the end of a ring may
/// have to be padded, and both sides shall work at the same time.
inline constexpr std::size_t least_ring_blocks = 4;

/// Two frames with the largest item each, wherever in the ring they begin.
inline constexpr std::size_t least_ring_bytes = std::size_t{32} << 10;

/// \param agents that are one hop away, an agent's own self included; the same for the whole job,
///        because agents map each other's rings. \param forwards whether some messages take two
///        hops: then rings get half as much, so that hundreds of ranks fit a machine
/// \pre check_knobs() is ok
constexpr Sizes sizes_for(std::size_t agents, const wire::Knobs& knobs = {},
                          bool forwards = false) {
  constexpr std::size_t kib = 1024;
  constexpr std::size_t least_loopback_bytes = 128 * kib;
  Sizes sizes{};
  sizes.block_bytes = agents <= 256 ? 32 * kib : 16 * kib;
  if (knobs.block_bytes != 0) sizes.block_bytes = knobs.block_bytes;
  sizes.largest_body_bytes = std::max(sizes.block_bytes, largest_item_body_bytes);
  const std::size_t least = std::max(least_ring_blocks * sizes.block_bytes, least_ring_bytes);
  const std::size_t all_rings_bytes = std::size_t{forwards ? 4u : 8u} << 20;
  const std::size_t share = std::bit_floor(all_rings_bytes / std::max<std::size_t>(agents, 1));
  sizes.fabric_ring_bytes = std::max(least, std::min(share, best_ring_bytes));
  sizes.link_ring_bytes = best_ring_bytes;
  sizes.loopback_ring_bytes = std::max(least, least_loopback_bytes);
  if (knobs.ring_blocks != 0) {
    sizes.window_bytes = knobs.ring_blocks * sizes.block_bytes;
    sizes.fabric_ring_bytes = sizes.window_bytes;
    sizes.link_ring_bytes = sizes.window_bytes;
  }
  sizes.hold_ns = std::uint64_t{1000} * knobs.hold_us;
  return sizes;
}

/// The same, of a job.
inline Sizes sizes_for(const wire::Routes& routes, const wire::Knobs& knobs) {
  return sizes_for(routes.most_neighbours() + 1, knobs, routes.forwards());
}

/// Largest body of a frame with messages.
constexpr std::size_t largest_body_bytes(const Sizes& sizes) {
  return std::max(sizes.block_bytes, sizes.largest_body_bytes);
}

/// Buffer of an open block.
constexpr std::size_t open_block_bytes(const Sizes& sizes) {
  return largest_body_bytes(sizes) + wire::BlockBuilder::slack_bytes;
}

/// /dev/shm that one agent takes for its inbound rings, bytes. \param neighbours on its machine
constexpr std::size_t fabric_arena_bytes(std::size_t neighbours, const Sizes& sizes) {
  return std::max<std::size_t>(neighbours, 1) * ring_bytes(sizes.fabric_ring_bytes);
}

}  // namespace buddy::arena
