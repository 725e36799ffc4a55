#include "transport/ucx/ucx_inbox.hpp"

#include <cstring>

#include "base/contract.hpp"

namespace buddy::transport {

PacketFault UcxInbox::accept(const PacketHeader& header,
                             std::span<const std::byte> packet) noexcept {
  if (header.sequence != next_sequence_) return PacketFault::sequence;
  if (header.reserved != 0 || header.payload_bytes != packet.size() - sizeof header ||
      packet.size() > shape_.packet_bytes) {
    return PacketFault::size;
  }
  ++next_sequence_;
  newest_packet_ = {};
  if (header.payload_bytes == 0) return PacketFault::none;
  if (goodbye_) return PacketFault::frame;
  const std::size_t bytes = room_bytes(header.payload_bytes);
  std::byte* to = packets_.used() + bytes <= shape_.window_bytes ? packets_.room(bytes) : nullptr;
  if (to == nullptr) return PacketFault::window;
  std::memcpy(to, &header, sizeof header);
  std::memcpy(to + sizeof header, packet.data() + sizeof header, header.payload_bytes);
  newest_packet_ = {to, packet.size()};
  const PacketFault fault =
      check_frames({to + sizeof header, header.payload_bytes}, shape_.frame_bytes, goodbye_);
  if (fault == PacketFault::none) packets_.push(bytes);
  return fault;
}

wire::Peek UcxInbox::peek(wire::Frame& frame) noexcept {
  if (frame_at_ == 0) {
    if (packets_.empty()) return wire::Peek::empty;
    PacketHeader header;
    std::memcpy(&header, packets_.front(), sizeof header);
    frame_at_ = sizeof header;
    packet_end_ = sizeof header + header.payload_bytes;
  }
  const std::byte* at = packets_.front() + frame_at_;
  std::memcpy(&frame.header, at, sizeof frame.header);
  frame.body = {at + sizeof frame.header, frame.header.body_bytes};
  return wire::Peek::ready;
}

void UcxInbox::release() noexcept {
  BUDDY_EXPECT(frame_at_ != 0);
  wire::FrameHeader header;
  std::memcpy(&header, packets_.front() + frame_at_, sizeof header);
  frame_at_ += packed_frame_bytes(header.body_bytes);
  if (frame_at_ != packet_end_) return;
  const std::size_t bytes = round_up(packet_end_, packet_alignment);
  packets_.pop(bytes);
  released_bytes_ += bytes;
  frame_at_ = 0;
}

}  // namespace buddy::transport
