// A channel made of two rings.
#pragma once

#include "arena/doorbell.hpp"
#include "arena/ring.hpp"
#include "wire/channel.hpp"

namespace buddy::arena {

/// Channel over one ring in each direction, in shared or private memory.
/// With a rope, the neighbour is rung when it sleeps and there is work or room for it.
/// Threads: one per end.
class RingChannel final : public wire::Channel {
 public:
  struct Ends {
    std::span<std::byte> out;  ///< ring this end produces into
    std::span<std::byte> in;   ///< ring this end consumes
  };
  /// \param rope the neighbour's bell, or nullptr when both ends are stepped by one thread;
  ///        must outlive the channel
  RingChannel(Ends ends, BellRope* rope) : out_(ends.out), in_(ends.in), rope_(rope) {}

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override;
  wire::Peek peek(wire::Frame& frame) noexcept override;
  void release() noexcept override;
  void nudge() noexcept override {
    if (rope_ != nullptr && untold_) rope_->ring_if_sleeping();
    untold_ = false;
  }
  bool drained() noexcept override { return out_.drained(); }
  std::span<const std::byte> last_pushed() const noexcept override { return out_.last_pushed(); }
  Status status() const override { return status_; }

  /// From now on the channel is broken for this reason (the neighbour's process has ended).
  void break_with(Status reason) {
    closed_ = true;
    status_ = std::move(reason);
  }

 private:
  Wakes wakes() const noexcept { return rope_ == nullptr ? Wakes::never : Wakes::neighbour; }

  RingProducer out_;
  RingConsumer in_;
  BellRope* rope_;
  Status status_;
  bool closed_ = false;  ///< nobody reads any more; damaged input alone still leaves the way out
  bool untold_ = false;  ///< frames were pushed since the neighbour's bell was looked at
};

}  // namespace buddy::arena
