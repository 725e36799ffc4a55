// A ring of frames between two threads or processes. Layout in docs/formats/ring.md.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "arena/frame_writer.hpp"
#include "wire/frame.hpp"

namespace buddy::arena {

/// Control words at the start of a ring. Positions count bytes since the start and never wrap; two
/// cache lines apart each, because neighbouring lines are prefetched in pairs.
struct RingControl {
  alignas(128) std::atomic<std::uint64_t> tail{0};            ///< producer: published up to here
  alignas(128) std::atomic<std::uint64_t> head{0};            ///< consumer: free up to here
  alignas(128) std::atomic<std::uint32_t> producer_waits{0};  ///< producer found it full
};
static_assert(sizeof(RingControl) == 384);

/// Frames start at multiples of this many bytes and lie in one piece.
inline constexpr std::size_t frame_alignment = 64;

/// Memory of a ring of \p capacity_bytes.
constexpr std::size_t ring_bytes(std::size_t capacity_bytes) {
  return sizeof(RingControl) + capacity_bytes;
}

/// Whether publishing must be ordered before the look at the neighbour's doorbell.
enum class Wakes { never, neighbour };

/// Producer's side.
/// Shapes: capacity is a power of two of at least twice the largest frame.
/// Invariant: 0 <= tail - head <= capacity.
/// Threads: one producer thread; the consumer may be another process.
/// Source: cached remote index as in Lamport's queue and its many descendants.
class RingProducer {
 public:
  explicit RingProducer(std::span<std::byte> memory);

  /// Copies one frame in and publishes it.
  /// \return full if the consumer is too far behind; then the ring notes that the producer waits.
  /// Cost: no system call, no allocation; one load of the consumer's line when the ring looks full.
  wire::Push try_push(wire::FrameKind kind, std::uint64_t records, std::span<const std::byte> body,
                      Wakes wakes) noexcept;

  /// Whether half of the capacity may be in use (as far as known without asking the consumer).
  bool half_full() const noexcept { return tail_ - cached_head_ >= capacity_ / 2; }
  /// The frame pushed last, header included.
  std::span<const std::byte> last_pushed() const noexcept { return last_pushed_; }
  /// True when the consumer has released everything.
  bool drained() noexcept;

 private:
  bool has_room(std::uint64_t bytes) noexcept;

  RingControl* control_;
  std::byte* data_;
  std::uint64_t capacity_;
  std::uint64_t tail_ = 0;
  std::uint64_t cached_head_ = 0;
  std::span<const std::byte> last_pushed_;
  FrameWriter writer_;
};

/// Consumer's side. Trusts neither positions nor headers.
/// Threads: one consumer thread.
class RingConsumer {
 public:
  explicit RingConsumer(std::span<std::byte> memory);

  /// The oldest unreleased frame, header copied once and checked. broken is for ever.
  wire::Peek peek(wire::Frame& frame) noexcept;

  /// Gives the frame's room back. \return true if the producer waits for room and must be woken
  bool release(Wakes wakes) noexcept;

 private:
  wire::Peek refuse() noexcept;

  RingControl* control_;
  const std::byte* data_;
  std::uint64_t capacity_;
  std::uint64_t head_ = 0;
  std::uint64_t cached_tail_ = 0;
  std::uint64_t frame_bytes_ = 0;  ///< of the peeked frame, 0 if none
  wire::Frame frame_;
  bool broken_ = false;
};

}  // namespace buddy::arena
