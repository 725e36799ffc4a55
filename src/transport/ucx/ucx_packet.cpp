#include "transport/ucx/ucx_packet.hpp"

#include <algorithm>
#include <cstring>

#include "wire/frame.hpp"

namespace buddy::transport {
namespace {

constexpr std::size_t kib = 1024;
/// More in flight does not get faster, and leaves the second-level cache:
/// docs/design/ucx.md.
constexpr std::size_t best_window_bytes = 512 * kib;
/// Frames that wait are sent together up to here: docs/design/ucx.md.
constexpr std::size_t best_packet_bytes = 128 * kib;

static_assert(sizeof(wire::FrameHeader) == packet_frame_alignment);

}  // namespace

std::size_t packet_limit(std::size_t max_frame_bytes, std::size_t window_bytes) {
  const std::size_t largest = room_bytes(packed_frame_bytes(max_frame_bytes));
  const std::size_t quarter = window_bytes / 4 & ~(packet_alignment - 1);
  return std::max(largest, std::min(quarter, best_packet_bytes));
}

UcxShape ucx_shape(std::size_t max_frame_bytes, std::size_t peers, std::size_t memory_bytes,
                   std::uint64_t round_trip_ns) {
  const std::size_t halves = 2 * std::max<std::size_t>(peers, 1);
  const std::size_t share = memory_bytes / halves;
  // What is on its way in a round trip at full speed: below it the wire stands still in between.
  const std::size_t under_way = std::min<std::uint64_t>(far_bytes_per_us * (round_trip_ns / 1'000),
                                                        far_memory_bytes / halves);
  return ucx_shape_of(max_frame_bytes,
                      std::max(std::min(share, best_window_bytes) & ~(packet_alignment - 1),
                               round_up(under_way, packet_alignment)));
}

UcxShape ucx_shape_of(std::size_t max_frame_bytes, std::size_t window_bytes) {
  UcxShape shape{};
  shape.frame_bytes = max_frame_bytes;
  // One largest frame may travel while another is consumed.
  shape.least_window_bytes = 2 * room_bytes(packed_frame_bytes(max_frame_bytes));
  shape.window_bytes = std::max(shape.least_window_bytes, window_bytes);
  shape.packet_bytes = packet_limit(max_frame_bytes, shape.window_bytes);
  return shape;
}

const char* describe(PacketFault fault) {
  switch (fault) {
    case PacketFault::none: return "nothing is wrong";
    case PacketFault::version: return "it runs another version of Buddy";
    case PacketFault::size: return "the size of a packet is wrong";
    case PacketFault::sequence: return "packets are missing or came twice";
    case PacketFault::window: return "it sent more than it was granted";
    case PacketFault::frame: return "a frame is damaged";
  }
  return "unknown";
}

PacketFault check_frames(std::span<const std::byte> payload, std::size_t max_frame_bytes,
                         bool& goodbye) noexcept {
  goodbye = false;
  while (!payload.empty()) {
    if (goodbye || payload.size() < sizeof(wire::FrameHeader)) return PacketFault::frame;
    wire::FrameHeader header;
    std::memcpy(&header, payload.data(), sizeof header);
    const auto kind = static_cast<std::uint16_t>(header.kind);
    if (kind == 0 || kind > static_cast<std::uint16_t>(wire::last_frame_kind) ||
        header.reserved != 0 || header.body_bytes > max_frame_bytes ||
        packed_frame_bytes(header.body_bytes) > payload.size()) {
      return PacketFault::frame;
    }
    goodbye = header.kind == wire::FrameKind::goodbye;
    payload = payload.subspan(packed_frame_bytes(header.body_bytes));
  }
  return PacketFault::none;
}

}  // namespace buddy::transport
