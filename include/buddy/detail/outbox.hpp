// The rank's private block, where async() appends.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace buddy::detail {

/// Append position in the block of routed runs under construction (docs/formats/run.md).
/// Shapes: an item is a 4-byte destination followed by the payload, without padding.
/// Invariant: cursor <= limit; both inside the block, or both null before the first message.
/// Threads: the rank's thread.
struct Outbox {
  std::byte* cursor = nullptr;
  std::byte* limit = nullptr;
  std::uint64_t open_key = no_key;                   ///< of the run that cursor extends
  const std::atomic<std::uint32_t>* idle = nullptr;  ///< non-zero: the engine waits for work

  static constexpr std::uint64_t no_key = ~std::uint64_t{0};

  /// Items of one handler and size share a run.
  static constexpr std::uint64_t key(std::uint32_t handler, std::uint32_t item_bytes) noexcept {
    return std::uint64_t{item_bytes} << 32 | handler;
  }

  /// Room for the next item of the open run, or nullptr when another run or block is needed.
  std::byte* try_extend(std::uint64_t item_key, std::size_t stride) noexcept {
    std::byte* item = cursor;
    // limit lies at least a block away from the end of the address space: no overflow.
    if (item_key != open_key || item + stride > limit) return nullptr;
    cursor = item + stride;
    return item;
  }

  bool engine_is_idle() const noexcept { return idle->load(std::memory_order_relaxed) != 0; }
};

}  // namespace buddy::detail
