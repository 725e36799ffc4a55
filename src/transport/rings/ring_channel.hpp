// A channel made of two rings.
#pragma once

#include "arena/doorbell.hpp"
#include "arena/ring.hpp"
#include "transport/channel.hpp"

namespace buddy::transport {

/// Channel over one ring in each direction, in shared or private memory.
/// With a doorbell_sender, the neighbour is rung when it sleeps and there is work or room for it.
/// Threads: one per end.
class RingChannel final : public Channel {
 public:
  struct Ends {
    std::span<std::byte> out;  ///< ring this end produces into
    std::span<std::byte> in;   ///< ring this end consumes
  };
  /// \param doorbell_sender the neighbour's doorbell, or nullptr when both ends are stepped by one
  /// thread;
  ///        must outlive the channel
  RingChannel(Ends ends, arena::DoorbellSender* doorbell_sender)
      : out_(ends.out), in_(ends.in), doorbell_sender_(doorbell_sender) {}

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override;
  wire::Peek peek(wire::Frame& frame) noexcept override;
  void release() noexcept override;
  void flush_wakeups() noexcept override {
    if (doorbell_sender_ != nullptr && wake_pending_) doorbell_sender_->ring_if_sleeping();
    wake_pending_ = false;
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
  arena::Wakes wakes() const noexcept {
    return doorbell_sender_ == nullptr ? arena::Wakes::never : arena::Wakes::neighbour;
  }

  arena::RingProducer out_;
  arena::RingConsumer in_;
  arena::DoorbellSender* doorbell_sender_;
  Status status_;
  bool closed_ = false;  ///< nobody reads any more; damaged input alone still leaves the way out
  bool wake_pending_ = false;  ///< frames were pushed since the neighbour's doorbell was looked at
};

}  // namespace buddy::transport
