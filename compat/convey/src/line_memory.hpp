// Memory in whole, aligned lines that nobody clears.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

#include "wire.hpp"

namespace buddy::convey {

/// Untouched pages of it cost nothing. Threads: one.
class LineMemory {
 public:
  char* data() const noexcept { return bytes_.get(); }
  std::size_t size() const noexcept { return size_; }

  /// At least \p bytes; what was in it is lost. Throws std::bad_alloc.
  void need(std::size_t bytes) {
    if (bytes <= size_) return;
    release();
    bytes_.reset(static_cast<char*>(::operator new (bytes, std::align_val_t{line_bytes})));
    size_ = bytes;
  }
  void release() noexcept {
    bytes_.reset();
    size_ = 0;
  }

 private:
  struct Free {
    void operator()(char* bytes) const noexcept {
      ::operator delete (bytes, std::align_val_t{line_bytes});
    }
  };
  std::unique_ptr<char, Free> bytes_;
  std::size_t size_ = 0;
};

}  // namespace buddy::convey
