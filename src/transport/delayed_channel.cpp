#include "transport/delayed_channel.hpp"

#include <algorithm>
#include <cstring>

#include "base/clock.hpp"

namespace buddy::transport {

using wire::Frame;
using wire::FrameHeader;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

namespace {

/// That one look takes.
constexpr int most_stamps = 64;

}  // namespace

std::uint64_t SharedWire::leaves_ns(std::uint64_t now_ns, std::size_t bytes) noexcept {
  if (ns_per_byte_ == 0) return now_ns;
  const auto takes_ns = static_cast<std::uint64_t>(ns_per_byte_ * static_cast<double>(bytes) + 0.5);
  // Only this figure is shared, nothing is published with it.
  std::uint64_t busy = busy_until_ns_.load(std::memory_order_relaxed);
  std::uint64_t left = 0;
  do {
    left = std::max(busy, now_ns) + takes_ns;
  } while (!busy_until_ns_.compare_exchange_weak(busy, left, std::memory_order_relaxed));
  return left;
}

Push DelayedChannel::stamp(std::uint64_t now_ns, std::size_t bytes) noexcept {
  // A frame that was refused keeps its turn on the wire, but does not leave before it is taken.
  if (!stamped_) turn_ns_ = wires_.out == nullptr ? 0 : wires_.out->leaves_ns(now_ns, bytes);
  const std::uint64_t left_ns = std::max(now_ns, turn_ns_);
  const Push pushed =
      channel_.try_push(FrameKind::sent_at, 0, std::as_bytes(std::span(&left_ns, 1)));
  if (pushed != Push::ok) return pushed;
  stamped_ = true;
  stamped_ns_ = now_ns;
  return pushed;
}

Push DelayedChannel::try_push(FrameKind kind, std::uint64_t records,
                              std::span<const std::byte> body) noexcept {
  const std::uint64_t now_ns = monotonic_ns();
  // Stamping each attempt would fill the channel with stamps.
  const bool stale = stamped_ && now_ns - stamped_ns_ > latency_ns_ / 8 + 1'000;
  if (!stamped_ || stale) {
    const Push stamped = stamp(now_ns, sizeof(FrameHeader) + body.size());
    if (stamped == Push::closed || (stamped == Push::full && !stamped_)) return stamped;
  }
  const Push pushed = channel_.try_push(kind, records, body);
  if (pushed == Push::ok) stamped_ = false;
  return pushed;
}

bool DelayedChannel::read_stamp(const Frame& frame) noexcept {
  if (frame.body.size() != sizeof sent_ns_) {
    status_ = Status(ErrorCode::corrupt, "a frame that says when others left is damaged");
    return false;
  }
  std::memcpy(&sent_ns_, frame.body.data(), sizeof sent_ns_);
  return true;
}

Peek DelayedChannel::peek(Frame& frame) noexcept {
  in_flight_ = false;
  for (int stamps = 0; stamps < most_stamps; ++stamps) {
    if (!status_.ok()) return Peek::broken;
    const Peek peeked = channel_.peek(frame);
    if (peeked != Peek::ready) return peeked;
    if (frame.header.kind == FrameKind::sent_at) {
      if (!read_stamp(frame)) return Peek::broken;
      channel_.release();
      continue;
    }
    const std::uint64_t now_ns = monotonic_ns();
    if (due_ns_ == 0) {
      const std::size_t bytes = sizeof(FrameHeader) + frame.body.size();
      // An engine trusts no rank's clock, but a rank its engine's: frames queue for the wire.
      due_ns_ = latency_ns_ + (wires_.in == nullptr
                                   ? sent_ns_
                                   : wires_.in->leaves_ns(std::min(sent_ns_, now_ns), bytes));
    }
    if (now_ns >= due_ns_) return Peek::ready;
    in_flight_ = true;
    return Peek::empty;
  }
  in_flight_ = true;  // who sends nothing but stamps keeps nobody from other work
  return Peek::empty;
}

void DelayedChannel::release() noexcept {
  due_ns_ = 0;
  channel_.release();
}

}  // namespace buddy::transport
