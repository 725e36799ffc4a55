#include "transport/ucx/ucx_fifo.hpp"

#include <new>

#include "base/contract.hpp"
#include "transport/ucx/ucx_packet.hpp"

namespace buddy::transport {

void PacketFifo::Free::operator()(std::byte* memory) const noexcept {
  ::operator delete[](memory, std::align_val_t{packet_alignment});
}

PacketFifo::PacketFifo(std::size_t capacity_bytes)
    : capacity_(round_up(capacity_bytes, packet_alignment)),
      memory_(static_cast<std::byte*>(
          ::operator new[](capacity_, std::align_val_t{packet_alignment}))) {}

std::byte* PacketFifo::room(std::size_t bytes) noexcept {
  BUDDY_EXPECT(bytes % packet_alignment == 0);
  if (used_ == 0) head_ = tail_ = 0;
  if (bytes <= contiguous()) return memory_.get() + tail_;
  const bool wrapped = used_ != 0 && tail_ <= head_;
  if (wrapped || bytes > head_) return nullptr;
  end_ = tail_;
  tail_ = 0;
  return memory_.get();
}

std::size_t PacketFifo::contiguous() const noexcept {
  const bool wrapped = used_ != 0 && tail_ <= head_;
  return (wrapped ? head_ : capacity_) - tail_;
}

void PacketFifo::push(std::size_t bytes) noexcept {
  BUDDY_EXPECT(bytes % packet_alignment == 0 && bytes <= contiguous());
  tail_ += bytes;
  used_ += bytes;
}

void PacketFifo::pop(std::size_t bytes) noexcept {
  BUDDY_EXPECT(bytes % packet_alignment == 0 && bytes <= used_);
  head_ += bytes;
  used_ -= bytes;
  if (used_ == 0) {
    head_ = tail_;  // where a piece may be under way
  } else if (head_ == end_ && tail_ <= head_) {
    head_ = 0;
  }
}

}  // namespace buddy::transport
