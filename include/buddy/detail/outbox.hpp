// The rank's private block, where async() appends.
#pragma once

#include <atomic>
#include <buddy/detail/append_cursor.hpp>
#include <cstdint>

namespace buddy::detail {

/// Position in the block of routed runs under construction: an item is a 4-byte destination
/// followed by the payload. A copy of the block builder's, which async() can see.
/// Threads: the rank's thread.
struct Outbox : AppendCursor {
  const std::atomic<std::uint32_t>* idle = nullptr;  ///< non-zero: the engine waits for work

  void move_to(const AppendCursor& position) noexcept {
    static_cast<AppendCursor&>(*this) = position;
  }
  bool engine_is_idle() const noexcept { return idle->load(std::memory_order_relaxed) != 0; }
};

}  // namespace buddy::detail
