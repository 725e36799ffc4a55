// Where a rank is, written by itself, in its engine's counter page. Layout in
// docs/formats/counters.md.
#pragma once

#include <atomic>
#include <cstdint>

#include "wire/roll_call.hpp"

namespace buddy::arena {

/// One writer, the rank; readers are its engine and `buddy stat`. What they read may be a mixture
/// of two moments: it is for people.
struct alignas(64) RankSlot {
  std::atomic<std::uint32_t> rank;
  std::atomic<std::uint32_t> where;    ///< wire::Where
  std::atomic<std::uint64_t> barrier;  ///< it is in, or passed last
  std::atomic<std::uint64_t>
      since_ns;  ///< CLOCK_MONOTONIC since when nothing has moved; 0: not long

  /// \param now_ns CLOCK_MONOTONIC
  wire::RankPlace read(std::uint64_t now_ns) const noexcept {
    wire::RankPlace place{};
    place.rank = rank.load(std::memory_order_relaxed);
    place.where = where.load(std::memory_order_relaxed);
    if (place.where >= wire::where_count) place.where = 0;  // memory of a process gone wild
    place.barrier = barrier.load(std::memory_order_relaxed);
    const std::uint64_t since = since_ns.load(std::memory_order_relaxed);
    const bool waits = place.where != static_cast<std::uint32_t>(wire::Where::elsewhere) &&
                       place.where != static_cast<std::uint32_t>(wire::Where::handlers);
    if (waits && since != 0 && since < now_ns) place.waited_ns = now_ns - since;
    return place;
  }
};
static_assert(sizeof(RankSlot) == 64);

}  // namespace buddy::arena
