// The rings between a simulated rank and its engine, which has a core of its own.
#pragma once

#include <span>
#include <vector>

#include "tools/scale/reserved_memory.hpp"
#include "tools/scale/scale_clock.hpp"
#include "tools/scale/scale_model.hpp"
#include "transport/rings/ring_channel.hpp"

namespace buddy::tools {

/// Memory of two rings, and both ends of the channel over them. Threads: one.
class ScaleRings {
 public:
  /// Errors: no_memory.
  static Result<std::unique_ptr<ScaleRings>> create(std::size_t capacity_bytes);

  transport::RingChannel& rank_end() noexcept { return rank_; }
  transport::RingChannel& engine_end() noexcept { return engine_; }
  const ReservedMemory& memory() const noexcept { return memory_; }

 private:
  explicit ScaleRings(ReservedMemory memory);
  std::span<std::byte> half(std::size_t index) const {
    const std::size_t each = memory_.bytes().size() / 2;
    return memory_.bytes().subspan(index * each, each);
  }
  ReservedMemory memory_;
  transport::RingChannel rank_;
  transport::RingChannel engine_;
};

/// One end of a link: frames take time of the actor at this end, and wake the one at the other.
class ScaleLinkEnd final : public transport::Channel {
 public:
  ScaleLinkEnd(transport::RingChannel& ring, const ScaleModel& model, ScaleClock& clock)
      : ring_(ring), model_(model), clock_(clock) {}
  /// \pre before the first step
  void connect(ScaleActor& self, std::uint32_t other) {
    self_ = &self;
    other_ = other;
  }

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override;
  wire::Peek peek(wire::Frame& frame) noexcept override;
  void release() noexcept override;
  bool drained() noexcept override { return ring_.drained(); }
  Status status() const override { return ring_.status(); }

 private:
  void spend(std::size_t bytes) noexcept;

  transport::RingChannel& ring_;
  const ScaleModel& model_;
  ScaleClock& clock_;
  ScaleActor* self_ = nullptr;
  std::uint32_t other_ = 0;
  std::size_t peeked_bytes_ = 0;
};

}  // namespace buddy::tools
