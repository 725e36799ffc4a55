// Memory with inaccessible pages on both sides: what reads or writes outside of it dies.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace buddy::test {

/// Zeroed bytes that end right before an inaccessible page; what lies before them belongs to them,
/// too, up to another one. Shared with children after fork().
class Guarded {
 public:
  explicit Guarded(std::size_t bytes) : bytes_(bytes) {
    const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t inside = (bytes + page_bytes - 1) / page_bytes * page_bytes;
    mapped_bytes_ = inside + 2 * page_bytes;
    void* memory =
        ::mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    mapped_ = static_cast<std::byte*>(memory);
    if (::mprotect(mapped_, page_bytes, PROT_NONE) != 0) std::abort();
    if (::mprotect(mapped_ + page_bytes + inside, page_bytes, PROT_NONE) != 0) std::abort();
    first_ = mapped_ + page_bytes + inside - bytes;
  }
  ~Guarded() { ::munmap(mapped_, mapped_bytes_); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  std::span<std::byte> bytes() const noexcept { return {first_, bytes_}; }
  bool contains(std::span<const std::byte> part) const noexcept {
    return part.data() >= first_ && part.data() + part.size() <= first_ + bytes_;
  }

 private:
  std::size_t bytes_;
  std::size_t mapped_bytes_ = 0;
  std::byte* mapped_ = nullptr;
  std::byte* first_ = nullptr;
};

}  // namespace buddy::test
