// What an engine knows besides its blocks and rings, as plain data in its arena.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "engine/router.hpp"
#include "wire/control.hpp"

namespace buddy::engine {

/// Messages ever sent and ever handled, by some set of ranks.
struct Totals {
  std::uint64_t sent = 0;
  std::uint64_t handled = 0;
  friend bool operator==(const Totals&, const Totals&) = default;
};

/// Where an agent stands in the waves of quiescence detection.
struct QuiescenceState {
  /// log2 of the agents of a group plus 2, the same of the groups, and one more.
  static constexpr std::size_t most_rounds = 24;

  struct Slot {
    Totals totals;
    std::uint32_t full = 0;
    std::uint32_t reserved = 0;
  };
  std::array<std::array<Slot, most_rounds>, 2> inbox{};  ///< by wave modulo 2 and round
  std::uint64_t wave = 0;                                ///< waves ended
  std::uint32_t step = 0;
  std::uint32_t in_wave = 0;
  Totals sum;
  Totals previous;  ///< of the last wave; all zero at the start is true as well
};

/// Of the whole engine.
struct alignas(64) EngineState {
  std::uint64_t epoch = 0;  ///< barriers completed
  QuiescenceState quiescence;
};

/// Of one neighbour: a local rank, or a peer.
struct alignas(64) SourceState {
  RouteCursor cursor;        ///< into the frame under way
  std::uint32_t closed = 0;  ///< said goodbye, or was cut off
  std::uint32_t told = 0;    ///< knows of the failure, or of the goodbye
};

/// Of one local rank.
struct alignas(64) LocalState {
  wire::BarrierReport report{};     ///< the latest
  std::uint64_t pushed_frames = 0;  ///< data frames given to it
  std::uint64_t released = 0;       ///< last barrier it was told of
};

static_assert(std::is_trivially_copyable_v<EngineState> &&
              std::is_trivially_copyable_v<SourceState> &&
              std::is_trivially_copyable_v<LocalState>);

}  // namespace buddy::engine
