#include "transport/ucx/ucx_outbox.hpp"

#include <algorithm>
#include <cstring>

#include "base/contract.hpp"

namespace buddy::transport {

UcxOutbox::UcxOutbox(const UcxShape& shape, void* owner)
    : shape_(shape),
      packets_(shape.buffer_bytes()),
      packet_bytes_(packet_limit(shape.frame_bytes, shape.least_window_bytes)),
      window_bytes_(shape.least_window_bytes) {
  for (Sealed& sealed : sealed_) sealed.owner = owner;
}

wire::Push UcxOutbox::append(wire::FrameKind kind, std::uint64_t records,
                             std::span<const std::byte> body) noexcept {
  const std::size_t frame_bytes = packed_frame_bytes(body.size());
  const std::size_t bytes = (open_bytes_ == 0 ? sizeof(PacketHeader) : open_bytes_) + frame_bytes;
  const std::size_t room = round_up(bytes, packet_alignment);
  if (sent_bytes_ + room - released_bytes_ > window_bytes_) return wire::Push::full;
  if (open_bytes_ == 0) {
    open_ = packets_.room(room);
    if (open_ == nullptr) return wire::Push::full;
  } else if (bytes > packet_bytes_ || room > packets_.contiguous()) {
    return wire::Push::full;
  }
  std::byte* at = open_ + bytes - frame_bytes;
  const wire::FrameHeader header{static_cast<std::uint32_t>(body.size()), kind, 0, records};
  std::memcpy(at, &header, sizeof header);
  at += sizeof header;
  if (!body.empty()) std::memcpy(at, body.data(), body.size());
  // The bytes of other people's memory do not go onto the network.
  std::memset(at + body.size(), 0, frame_bytes - sizeof header - body.size());
  newest_frame_at_ = open_bytes_;
  open_bytes_ = bytes;
  return wire::Push::ok;
}

UcxOutbox::Sealed& UcxOutbox::seal(PacketHeader& header) noexcept {
  BUDDY_EXPECT(open_bytes_ != 0 && !full());
  header.payload_bytes = static_cast<std::uint32_t>(open_bytes_ - sizeof header);
  std::memcpy(open_, &header, sizeof header);
  const std::size_t room = round_up(open_bytes_, packet_alignment);
  packets_.push(room);
  sent_bytes_ += room;
  Sealed& sealed = sealed_[next_sealed_ % most_sealed];
  ++next_sealed_;
  sealed.bytes = {open_, open_bytes_};
  sealed.busy = true;
  open_bytes_ = 0;
  return sealed;
}

void UcxOutbox::complete(Sealed& sealed) noexcept {
  sealed.busy = false;
  while (first_sealed_ != next_sealed_) {
    Sealed& oldest = sealed_[first_sealed_ % most_sealed];
    if (oldest.busy) return;
    packets_.pop(round_up(oldest.bytes.size(), packet_alignment));
    ++first_sealed_;
  }
}

PacketFault UcxOutbox::credit(std::uint64_t released_bytes, std::uint32_t window_bytes) noexcept {
  if (released_bytes < released_bytes_ || released_bytes > sent_bytes_) return PacketFault::window;
  if (peer_window_ == 0) {
    if (window_bytes < shape_.least_window_bytes) return PacketFault::window;
    peer_window_ = window_bytes;
    window_bytes_ = std::min<std::uint64_t>(window_bytes, shape_.window_bytes);
    packet_bytes_ = packet_limit(shape_.frame_bytes, window_bytes_);
  }
  if (window_bytes != peer_window_) return PacketFault::window;
  released_bytes_ = released_bytes;
  return PacketFault::none;
}

}  // namespace buddy::transport
