// A channel whose frames arrive later than they could: the way to an emulated DPU.
// docs/design/dpu_emulation.md
#pragma once

#include <atomic>
#include <cstdint>

#include "transport/channel.hpp"

namespace buddy::transport {

/// A wire that carries so many bytes at a time, one frame after another. Threads: any.
class SharedWire {
 public:
  /// \param gbit 10^9 bits/s; 0: no limit
  explicit SharedWire(double gbit) noexcept : ns_per_byte_(gbit > 0 ? 8 / gbit : 0) {}

  /// A frame of \p bytes is given to the wire. \return when its last byte has left, ns; \p now_ns
  /// at once without a limit
  std::uint64_t leaves_ns(std::uint64_t now_ns, std::size_t bytes) noexcept;

 private:
  double ns_per_byte_;
  std::atomic<std::uint64_t> busy_until_ns_{0};
};

/// Frames follow one that says when they left (FrameKind::sent_at), and are shown a latency after
/// that. Both ends are on one machine, so that they have one clock, and both wrap their channel.
/// Back-pressure is that of the channel itself: a frame takes room until it has been shown and
/// released. Threads: one per end.
class DelayedChannel final : public Channel {
 public:
  struct Wires {
    SharedWire* out = nullptr;  ///< that frames leave by; nullptr: at once
    SharedWire* in = nullptr;   ///< that frames of the other end have to pass
  };
  /// \param channel must outlive this
  DelayedChannel(Channel& channel, std::uint64_t latency_ns, Wires wires) noexcept
      : channel_(channel), latency_ns_(latency_ns), wires_(wires) {}

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override;
  wire::Peek peek(wire::Frame& frame) noexcept override;
  void release() noexcept override;
  void flush_wakeups() noexcept override { channel_.flush_wakeups(); }
  bool drained() noexcept override { return channel_.drained(); }
  bool needs_no_progress() noexcept override { return channel_.needs_no_progress(); }
  bool shares_memory() const noexcept override { return channel_.shares_memory(); }
  std::span<const std::byte> last_pushed() const noexcept override {
    return channel_.last_pushed();
  }
  Status status() const override { return status_.ok() ? channel_.status() : status_; }

  /// Whether the last peek() found a frame that is still under way: nobody will ring for it.
  bool in_flight() const noexcept { return in_flight_; }

 private:
  wire::Push stamp(std::uint64_t now_ns, std::size_t bytes) noexcept;
  bool read_stamp(const wire::Frame& frame) noexcept;

  Channel& channel_;
  std::uint64_t latency_ns_;
  Wires wires_;
  Status status_;
  bool stamped_ = false;  ///< the frame that is refused has been stamped already
  std::uint64_t stamped_ns_ = 0;
  std::uint64_t turn_ns_ = 0;  ///< of that frame on the wire: when it has left at the earliest
  std::uint64_t sent_ns_ = 0;  ///< of the frame that comes next
  std::uint64_t due_ns_ = 0;   ///< of the peeked frame; 0: not known yet
  bool in_flight_ = false;
};

}  // namespace buddy::transport
