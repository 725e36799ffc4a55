// Memory that costs nothing until it is touched.
#pragma once

#include <cstddef>
#include <span>

#include "base/status.hpp"

namespace buddy::tools {

/// Zeroed private pages, of which the kernel keeps those that were written or read.
/// Threads: any; the owner looks after what lies in it.
class ReservedMemory {
 public:
  /// Errors: no_memory.
  static Result<ReservedMemory> create(std::size_t bytes);
  ReservedMemory(ReservedMemory&& other) noexcept;
  ReservedMemory& operator=(ReservedMemory&& other) noexcept;
  ~ReservedMemory();

  std::span<std::byte> bytes() const noexcept { return memory_; }
  /// Of pages that are there.
  std::size_t resident_bytes() const;

 private:
  explicit ReservedMemory(std::span<std::byte> memory) : memory_(memory) {}
  std::span<std::byte> memory_;
};

std::size_t page_bytes();

}  // namespace buddy::tools
