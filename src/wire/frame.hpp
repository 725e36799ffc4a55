// Frames: what a channel carries. Layout in docs/formats/frame.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace buddy::wire {

/// What a frame's body holds.
enum class FrameKind : std::uint16_t {
  padding = 0,      ///< filler at the end of a ring; never seen above a channel
  routed = 1,       ///< runs whose items carry their destination
  final = 2,        ///< runs for the only rank at the other end: items carry no destination
  report = 3,       ///< rank to engine: BarrierReport
  release = 4,      ///< engine to rank: BarrierRelease
  wave = 5,         ///< engine to engine: WaveMessage
  failure = 6,      ///< to anyone: Failure
  goodbye = 7,      ///< the sender closes; nothing follows
  roll_call = 8,    ///< rank to engine to engines: RollCall
  roll_answer = 9,  ///< engine to engine to rank: RollAnswer
  counters = 10,    ///< engine to a rank that shares no memory with it: its counters
  sent_at = 11,     ///< when the next frame left, where a slow wire is emulated: u64 ns
};

inline constexpr FrameKind last_frame_kind = FrameKind::sent_at;

/// 16 bytes before every body. Little-endian.
struct FrameHeader {
  std::uint32_t body_bytes;
  FrameKind kind;
  std::uint16_t reserved;  ///< 0
  std::uint64_t records;   ///< messages in the body, for counters only: never trusted
};
static_assert(sizeof(FrameHeader) == 16);

/// What became of a frame that was to be sent: closed means that nobody reads any more.
enum class Push { ok, full, closed };
/// What the receiving end has: broken means that nothing follows, see the channel's status.
enum class Peek { empty, ready, broken };

/// Largest body: what one block holds. Receivers refuse more.
inline constexpr std::uint32_t max_body_bytes = 1u << 20;

/// A frame where it lies: the body is valid until the channel's release().
struct Frame {
  FrameHeader header{};
  std::span<const std::byte> body;
};

}  // namespace buddy::wire
