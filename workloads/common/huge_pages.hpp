// Large arrays on huge pages.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace workloads {

/// Memory for large arrays, contents undefined. It lies on huge pages where the system gives them
/// on request, and what is given back stays with the process for the next one of about this size:
/// touching fresh memory costs a page fault per page, in a virtual machine often a second one below
/// it (measured: up to 2 ms for 2 MiB), which is more than most work on that page.
/// Threads: one.
class HugePages {
 public:
  HugePages() = default;
  /// \param bytes any number; 0 allocates nothing. Errors: std::bad_alloc.
  explicit HugePages(std::size_t bytes);
  HugePages(HugePages&& other) noexcept
      : mapping_(std::exchange(other.mapping_, {})), bytes_(std::exchange(other.bytes_, {})) {}
  HugePages& operator=(HugePages&& other) noexcept {
    std::swap(mapping_, other.mapping_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~HugePages();

  /// As many bytes as asked for, aligned to a page at least.
  std::span<std::byte> bytes() const noexcept { return bytes_; }

 private:
  std::span<std::byte> mapping_;
  std::span<std::byte> bytes_;
};

/// An array on such pages; its elements are not initialised.
template <class T>
class HugeArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  HugeArray() = default;
  /// Errors: std::bad_alloc.
  explicit HugeArray(std::size_t size) : pages_(size * sizeof(T)), size_(size) {}

  T* data() const noexcept { return reinterpret_cast<T*>(pages_.bytes().data()); }
  std::size_t size() const noexcept { return size_; }
  T& operator[](std::size_t i) const noexcept { return data()[i]; }
  T* begin() const noexcept { return data(); }
  T* end() const noexcept { return data() + size_; }

 private:
  HugePages pages_;
  std::size_t size_ = 0;
};

}  // namespace workloads
