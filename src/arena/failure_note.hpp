// Why an engine's job has failed, in its counter page. Layout in docs/formats/counters.md.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/status.hpp"
#include "wire/control.hpp"

namespace buddy::arena {

/// What failure frames say, for ranks that cannot take frames: one that waits in a handler has not
/// given back the frame that the handler reads, and nothing behind it can be taken.
/// Threads: one writer, the engine's; readers may be in other processes.
struct alignas(64) FailureNote {
  std::atomic<std::uint32_t> body_bytes;  ///< 0: the job has not failed
  std::uint32_t reserved;
  std::array<std::byte, 1016> body;  ///< FailureHeader and its text

  /// \pre called once
  void write(std::span<const std::byte> failure) noexcept {
    const std::size_t bytes = std::min(failure.size(), body.size());
    std::copy_n(failure.begin(), bytes, body.begin());
    // Pairs with the acquire of read().
    body_bytes.store(static_cast<std::uint32_t>(bytes), std::memory_order_release);
  }
  /// ok as long as nothing is written. Cost then: a load.
  Status read() const {
    const std::size_t bytes = body_bytes.load(std::memory_order_acquire);  // pairs with write()
    if (bytes == 0) return {};
    return wire::decode_failure(std::span(body).first(std::min(bytes, body.size())));
  }
};
static_assert(sizeof(FailureNote) == 1024);

}  // namespace buddy::arena
