// Reads a fuzzer's bytes as numbers and pieces; an input that ends early goes on with zeros.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

namespace buddy::fuzz {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : left_(data, size) {}

  bool empty() const noexcept { return left_.empty(); }
  std::size_t left() const noexcept { return left_.size(); }

  template <class T>
  T take() {
    T value{};
    const std::size_t bytes = std::min(sizeof value, left_.size());
    if (bytes != 0) std::memcpy(&value, left_.data(), bytes);
    left_ = left_.subspan(bytes);
    return value;
  }
  /// A copy of at most \p bytes, in memory of exactly that size, so that sanitizers see its end.
  std::vector<std::byte> take_bytes(std::size_t bytes) {
    const auto piece = std::as_bytes(left_.first(std::min(bytes, left_.size())));
    left_ = left_.subspan(piece.size());
    return {piece.begin(), piece.end()};
  }

 private:
  std::span<const std::uint8_t> left_;
};

/// A property of the code under test that holds for every input.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace buddy::fuzz
