// Packets: what two ends exchange as UCX active messages. Layout in docs/formats/ucx_packet.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/ids.hpp"

namespace buddy::transport {

/// 48 bytes before the frames of a packet. Little-endian. A packet without frames only reports.
struct PacketHeader {
  std::uint32_t magic;
  std::uint16_t version;
  std::uint16_t reserved;       ///< 0
  std::uint32_t source;         ///< EndId
  std::uint32_t destination;    ///< EndId
  std::uint64_t token;          ///< peer_token(): the source knows the job's key
  std::uint64_t sequence;       ///< packets sent to this destination before this one
  std::uint64_t released;       ///< room_bytes() of the packets from there that were consumed
  std::uint32_t payload_bytes;  ///< frames behind the header
  std::uint32_t window_bytes;   ///< what the source's inbox for the destination holds
};
static_assert(sizeof(PacketHeader) == 48);

inline constexpr std::uint32_t packet_magic = 0x58444442;  // "BDDX"
inline constexpr std::uint16_t packet_version = 1;

/// Frames follow each other at multiples of this many bytes after the packet header.
inline constexpr std::size_t packet_frame_alignment = 16;
/// Packets lie at multiples of a cache line, so that the body of the first frame does too.
inline constexpr std::size_t packet_alignment = 64;

constexpr std::size_t round_up(std::size_t bytes, std::size_t alignment) {
  return (bytes + alignment - 1) & ~(alignment - 1);
}

/// What a packet takes of a window. \param payload_bytes its frames
constexpr std::size_t room_bytes(std::size_t payload_bytes) {
  return round_up(sizeof(PacketHeader) + payload_bytes, packet_alignment);
}

/// A frame inside a packet, header included.
constexpr std::size_t packed_frame_bytes(std::size_t body_bytes) {
  return round_up(16 + body_bytes, packet_frame_alignment);
}

/// How much memory a connection takes, in bytes.
struct UcxShape {
  std::size_t frame_bytes;         ///< largest body
  std::size_t packet_bytes;        ///< largest packet it takes
  std::size_t window_bytes;        ///< most that one end may have sent and the other not consumed
  std::size_t least_window_bytes;  ///< what every agent of the job grants at least

  /// Of an outbox or an inbox.
  std::size_t buffer_bytes() const { return window_bytes + packet_bytes; }
};

/// Largest packet an inbox takes, by its window: several frames sent together, or one largest.
std::size_t packet_limit(std::size_t max_frame_bytes, std::size_t window_bytes);

/// \param max_frame_bytes largest body, the same for the whole job
/// \param memory_bytes for the windows of all peers together
/// \param round_trip_ns to the peer and back, 0 if unknown. Where it is long, a wire of the speed
/// that far_bytes_per_us stands for is kept full, with far_memory_bytes for all peers at most.
UcxShape ucx_shape(std::size_t max_frame_bytes, std::size_t peers, std::size_t memory_bytes,
                   std::uint64_t round_trip_ns = 0);

/// \param window_bytes what one end may have sent and the other not consumed; raised to what two
/// largest frames take
UcxShape ucx_shape_of(std::size_t max_frame_bytes, std::size_t window_bytes);

inline constexpr std::size_t far_bytes_per_us = 1'250;  // 10 Gbit/s
inline constexpr std::size_t far_memory_bytes = std::size_t{64} << 20;

/// Why a packet was refused, which is held against the peer that sent it.
enum class PacketFault {
  none,
  version,   ///< another version of this format
  size,      ///< sizes that contradict each other or exceed what was agreed
  sequence,  ///< a packet is missing or came twice
  window,    ///< more was sent than granted, or more consumed than was sent
  frame,     ///< the frames inside are damaged
};
const char* describe(PacketFault fault);

/// \return whether \p payload is frames from end to end; nothing is read outside it
/// \param goodbye set if the last frame says goodbye
PacketFault check_frames(std::span<const std::byte> payload, std::size_t max_frame_bytes,
                         bool& goodbye) noexcept;

}  // namespace buddy::transport
