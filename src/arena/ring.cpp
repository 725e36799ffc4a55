#include "arena/ring.hpp"

#include <bit>
#include <cstring>
#include <new>

#include "base/contract.hpp"

namespace buddy::arena {
namespace {

using wire::Frame;
using wire::FrameHeader;
using wire::FrameKind;

constexpr std::uint64_t frame_bytes(std::uint64_t body_bytes) {
  return (sizeof(FrameHeader) + body_bytes + frame_alignment - 1) & ~(frame_alignment - 1);
}

RingControl* control_of(std::span<std::byte> memory) {
  BUDDY_EXPECT(memory.size() > sizeof(RingControl));
  BUDDY_EXPECT(std::has_single_bit(memory.size() - sizeof(RingControl)));
  // Zeroed memory is a valid empty ring, so the two sides need not agree who comes first.
  return std::launder(reinterpret_cast<RingControl*>(memory.data()));
}

}  // namespace

RingProducer::RingProducer(std::span<std::byte> memory)
    : control_(control_of(memory)),
      data_(memory.data() + sizeof(RingControl)),
      capacity_(memory.size() - sizeof(RingControl)) {}

bool RingProducer::has_room(std::uint64_t bytes) noexcept {
  if (tail_ + bytes - cached_head_ <= capacity_) return true;
  // Acquire of head pairs with the consumer's release(): the bytes below it have been read.
  const std::uint64_t head = control_->head.load(std::memory_order_seq_cst);
  if (tail_ - head > capacity_) return false;  // a head no consumer of ours has written
  cached_head_ = head;
  return tail_ + bytes - cached_head_ <= capacity_;
}

wire::Push RingProducer::try_push(FrameKind kind, std::uint64_t records,
                                  std::span<const std::byte> body, Wakes wakes) noexcept {
  const std::uint64_t need = frame_bytes(body.size());
  const std::uint64_t offset = tail_ & (capacity_ - 1);
  const std::uint64_t pad = offset + need > capacity_ ? capacity_ - offset : 0;
  if (!has_room(pad + need)) {
    // Pairs with the load in RingConsumer::release: it sees the flag, or we see its head.
    control_->producer_waits.store(1, std::memory_order_seq_cst);
    if (!has_room(pad + need)) return wire::Push::full;
    control_->producer_waits.store(0, std::memory_order_relaxed);
  }
  std::byte* at = data_ + offset;
  if (pad != 0) {
    FrameWriter::store(
        at, {static_cast<std::uint32_t>(pad - sizeof(FrameHeader)), FrameKind::padding, 0, 0}, {});
    at = data_;
  }
  writer_.write(at, {static_cast<std::uint32_t>(body.size()), kind, 0, records}, body);
  last_pushed_ = {at, sizeof(FrameHeader) + body.size()};
  tail_ += pad + need;
  // Release of tail pairs with the consumer's acquire in peek().
  control_->tail.store(
      tail_, wakes == Wakes::neighbour ? std::memory_order_seq_cst : std::memory_order_release);
  return wire::Push::ok;
}

bool RingProducer::drained() noexcept {
  cached_head_ = control_->head.load(std::memory_order_seq_cst);
  return cached_head_ == tail_;
}

RingConsumer::RingConsumer(std::span<std::byte> memory)
    : control_(control_of(memory)),
      data_(memory.data() + sizeof(RingControl)),
      capacity_(memory.size() - sizeof(RingControl)) {}

wire::Peek RingConsumer::refuse() noexcept {
  broken_ = true;
  return wire::Peek::broken;
}

wire::Peek RingConsumer::peek(Frame& frame) noexcept {
  if (frame_bytes_ != 0) {
    frame = frame_;
    return wire::Peek::ready;
  }
  if (broken_) return wire::Peek::broken;
  for (;;) {
    if (head_ == cached_tail_) {
      // Pairs with the store of tail in try_push().
      cached_tail_ = control_->tail.load(std::memory_order_seq_cst);
      if (head_ == cached_tail_) return wire::Peek::empty;
    }
    const std::uint64_t available = cached_tail_ - head_;
    const std::uint64_t offset = head_ & (capacity_ - 1);
    if (available > capacity_ || available % frame_alignment != 0) return refuse();
    FrameHeader header;
    std::memcpy(&header, data_ + offset, sizeof header);
    const std::uint64_t bytes = frame_bytes(header.body_bytes);
    if (bytes > available || bytes > capacity_ - offset) return refuse();
    if (header.kind == FrameKind::padding) {
      // Only ever up to the end, and never from the start: so no neighbour can keep us here.
      if (offset == 0 || offset + bytes != capacity_) return refuse();
      head_ += bytes;
      continue;
    }
    if (header.body_bytes > wire::max_body_bytes || header.kind > wire::last_frame_kind) {
      return refuse();
    }
    frame_bytes_ = bytes;
    frame_ = Frame{header, {data_ + offset + sizeof header, header.body_bytes}};
    frame = frame_;
    return wire::Peek::ready;
  }
}

bool RingConsumer::release(Wakes wakes) noexcept {
  BUDDY_EXPECT(frame_bytes_ != 0);
  head_ += frame_bytes_;
  frame_bytes_ = 0;
  if (wakes == Wakes::never) {
    control_->head.store(head_, std::memory_order_release);
    return false;
  }
  // Pairs with the load of head in has_room() after the producer raised its flag.
  control_->head.store(head_, std::memory_order_seq_cst);
  if (control_->producer_waits.load(std::memory_order_seq_cst) == 0) return false;
  // Half empty is soon enough: waking for each frame costs more than it brings.
  if (cached_tail_ - head_ > capacity_ / 2) return false;
  control_->producer_waits.store(0, std::memory_order_relaxed);
  return true;
}

}  // namespace buddy::arena
