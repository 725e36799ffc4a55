#include "transport/rings/ring_channel.hpp"

namespace buddy::transport {

wire::Push RingChannel::try_push(wire::FrameKind kind, std::uint64_t records,
                                 std::span<const std::byte> body) noexcept {
  if (closed_) return wire::Push::closed;
  const wire::Push result = out_.try_push(kind, records, body, wakes());
  wake_pending_ = true;
  if (result == wire::Push::full || out_.half_full()) flush_wakeups();
  return result;
}

wire::Peek RingChannel::peek(wire::Frame& frame) noexcept {
  // What arrived before the neighbour ended is still good.
  const wire::Peek result = in_.peek(frame);
  if (result == wire::Peek::broken && status_.ok()) {
    status_ = Status(ErrorCode::corrupt,
                     "a ring holds bytes that are no frame (memory was overwritten, or versions "
                     "differ) run the same Buddy everywhere");
  }
  return result == wire::Peek::empty && !status_.ok() ? wire::Peek::broken : result;
}

void RingChannel::release() noexcept {
  if (in_.release(wakes()) && doorbell_sender_ != nullptr) doorbell_sender_->ring_if_sleeping();
}

}  // namespace buddy::transport
