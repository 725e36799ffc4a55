// Where the next message of a block goes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace buddy::detail {

/// Append position in a block of runs (docs/formats/run.md): a rank's and an engine's alike.
/// Shapes: items of one handler and size share a run; items of the open run follow each other
/// without padding.
/// Invariant: cursor <= limit; both inside the block, or both null before the first message.
/// Threads: one.
struct AppendCursor {
  std::byte* cursor = nullptr;
  std::byte* limit = nullptr;
  std::uint64_t open_key = no_key;  ///< of the run that cursor extends

  static constexpr std::uint64_t no_key = ~std::uint64_t{0};

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
};

}  // namespace buddy::detail
