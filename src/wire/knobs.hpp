// What a user may choose of how messages are collected and how many are under way.
#pragma once

#include <cstdint>

namespace buddy::wire {

/// The same for all ranks and engines of a job, because they map each other's rings; 0 means
/// Buddy's own choice. What each of them does: docs/tuning.md.
struct Knobs {
  std::uint32_t block_bytes = 0;  ///< body of an open block
  std::uint32_t ring_blocks = 0;  ///< blocks that a ring, or the window of a network, holds
  std::uint32_t hold_us = 0;      ///< time for which an engine holds a block that is not full

  friend bool operator==(const Knobs&, const Knobs&) = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(block_bytes, ring_blocks, hold_us);
  }
};

}  // namespace buddy::wire
