#include "tools/scale/scale_link.hpp"

#include <utility>

namespace buddy::tools {

Result<std::unique_ptr<ScaleRings>> ScaleRings::create(std::size_t capacity_bytes) {
  auto memory = ReservedMemory::create(2 * arena::ring_bytes(capacity_bytes));
  if (!memory.ok()) return memory.status();
  return std::unique_ptr<ScaleRings>(new ScaleRings(std::move(memory.value())));
}

ScaleRings::ScaleRings(ReservedMemory memory)
    : memory_(std::move(memory)),
      rank_({half(0), half(1)}, nullptr),
      engine_({half(1), half(0)}, nullptr) {}

void ScaleLinkEnd::spend(std::size_t bytes) noexcept {
  self_->spend(model_.near_packet_ns + model_.near_byte_ns * static_cast<double>(bytes));
  clock_.wake(other_, self_->now_ns() + model_.near_latency_ns);
}

wire::Push ScaleLinkEnd::try_push(wire::FrameKind kind, std::uint64_t records,
                                  std::span<const std::byte> body) noexcept {
  const wire::Push pushed = ring_.try_push(kind, records, body);
  if (pushed == wire::Push::ok) spend(body.size());
  return pushed;
}

wire::Peek ScaleLinkEnd::peek(wire::Frame& frame) noexcept {
  const wire::Peek peeked = ring_.peek(frame);
  if (peeked == wire::Peek::ready) peeked_bytes_ = frame.body.size();
  return peeked;
}

void ScaleLinkEnd::release() noexcept {
  ring_.release();
  spend(peeked_bytes_);
}

}  // namespace buddy::tools
