// Which of two ways of copying into shared memory is the cheaper one just now.
#pragma once

#include <cstddef>
#include <cstdint>

namespace buddy::arena {

/// Decides by measuring: ordinary stores leave the bytes in the writer's cache, where a reader
/// nearby finds them; streaming stores send them to memory. Between cores that are far apart an
/// ordinary store waits for the line to come over, and costs many times as much
/// (docs/design/far_cores.md). How far apart two virtual cores are changes while a program runs, so
/// the choice is made again and again.
/// Invariant: streams only while ordinary stores were slow when last tried, and slower than that.
/// Threads: one.
class CopyChooser {
 public:
  enum class Way : std::uint8_t { store, stream };
  struct Choice {
    Way way;
    bool timed;  ///< tell took() what it cost
  };

  /// For the next copy that is large enough to be worth it.
  Choice next() noexcept {
    ++copies_;
    if (way_ == Way::store) {
      if (slow_in_a_row_ == slow_before_trial) return {Way::stream, true};
      return {Way::store, copies_ % copies_per_timing == 0};
    }
    const bool probe = copies_ % copies_per_probe == 0;
    return {probe ? Way::store : Way::stream, probe};
  }

  /// \param ns duration of a copy of so many bytes; \pre bytes > 0
  void took(Way way, std::size_t bytes, std::uint64_t ns) noexcept {
    const std::uint64_t ps_per_byte = 1000 * ns / bytes;
    if (way == Way::store) {
      took_storing(ps_per_byte);
    } else {
      const bool faster = ps_per_byte + ps_per_byte / 2 < best_store_ps_per_byte_;
      if (faster) way_ = Way::stream;
      slow_in_a_row_ = 0;
    }
  }

 private:
  static constexpr std::uint64_t slow_ps_per_byte = 80;  ///< 12 GB/s
  static constexpr std::uint32_t slow_before_trial = 3;  ///< a copy may have been preempted
  static constexpr std::uint32_t copies_per_timing = 8;
  static constexpr std::uint32_t copies_per_probe = 256;

  void took_storing(std::uint64_t ps_per_byte) noexcept {
    if (ps_per_byte <= slow_ps_per_byte) {
      way_ = Way::store;
      slow_in_a_row_ = 0;
    } else if (way_ == Way::store) {
      const bool first = slow_in_a_row_++ == 0;
      if (first || ps_per_byte < best_store_ps_per_byte_) best_store_ps_per_byte_ = ps_per_byte;
    }
  }

  std::uint32_t copies_ = 0;
  std::uint32_t slow_in_a_row_ = 0;
  std::uint64_t best_store_ps_per_byte_ = 0;  ///< of the slow ones in a row
  Way way_ = Way::store;
};

}  // namespace buddy::arena
