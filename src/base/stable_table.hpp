// A table that grows while others read it.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace buddy {

/// Slots by number, which never move: segments of doubling size, made when they are first needed.
/// Nothing is given back, and it is trivially destructible: a global one is there as long as the
/// process. A new slot is a T().
/// Threads: find() any, without a lock; slot() any. What a slot holds is for its users to agree on.
template <class T>
class StableTable {
 public:
  /// \return nullptr if nobody has asked for a slot near it. Cost: two loads.
  T* find(std::uint32_t number) const noexcept {
    const std::size_t segment = segment_of(number);
    // Pairs with the release of slot(): the segment's slots are made.
    T* const slots = segments_[segment].load(std::memory_order_acquire);
    return slots == nullptr ? nullptr : slots + (number - first_of(segment));
  }

  T& slot(std::uint32_t number) {
    if (T* const found = find(number)) return *found;
    const std::lock_guard lock(mutex_);
    if (T* const found = find(number)) return *found;
    const std::size_t segment = segment_of(number);
    // Pairs with the acquire of find().
    segments_[segment].store(new T[size_of(segment)](), std::memory_order_release);
    return *find(number);
  }

 private:
  /// Segment 0 holds number 0, segment s the 2^(s-1) numbers from 2^(s-1).
  static std::size_t segment_of(std::uint32_t number) noexcept {
    return static_cast<std::size_t>(std::bit_width(number));
  }
  static std::uint32_t first_of(std::size_t segment) noexcept {
    return segment == 0 ? 0 : std::uint32_t{1} << (segment - 1);
  }
  static std::size_t size_of(std::size_t segment) noexcept {
    return segment == 0 ? 1 : std::size_t{1} << (segment - 1);
  }

  std::array<std::atomic<T*>, 33> segments_{};
  std::mutex mutex_;
};

}  // namespace buddy
