// Two rings and the channels over them, in private memory.
#pragma once

#include <span>
#include <vector>

#include "sim/actor.hpp"
#include "transport/rings/ring_channel.hpp"

namespace buddy::sim {

/// A link, or the rings between two agents of one machine. Both ends are stepped by one thread.
class Duplex {
 public:
  /// \param ring_capacity_bytes a power of two
  explicit Duplex(std::size_t ring_capacity_bytes)
      : each_(arena::ring_bytes(ring_capacity_bytes)),
        memory_(2 * each_ / sizeof(Line)),
        rings_{transport::RingChannel({ring(0), ring(1)}, nullptr),
               transport::RingChannel({ring(1), ring(0)}, nullptr)} {}

  /// \param actors who steps end 0 and end 1
  void connect(Actor* end0, Actor* end1) {
    ends_[0].connect(rings_[0], end1);
    ends_[1].connect(rings_[1], end0);
  }
  WakingChannel& end(std::size_t index) noexcept { return ends_[index]; }
  /// The other process has ended.
  void break_end(std::size_t index, const Status& reason) { rings_[index].break_with(reason); }
  /// Memory of the ring that end \p index writes, control words included.
  std::span<std::byte> ring(std::size_t index) {
    return std::as_writable_bytes(std::span(memory_)).subspan(index * each_, each_);
  }

 private:
  struct alignas(128) Line {
    std::byte bytes[128];  // NOLINT(modernize-avoid-c-arrays)
  };
  std::size_t each_;
  std::vector<Line> memory_;
  transport::RingChannel rings_[2];  // NOLINT(modernize-avoid-c-arrays)
  WakingChannel ends_[2];            // NOLINT(modernize-avoid-c-arrays)
};

}  // namespace buddy::sim
