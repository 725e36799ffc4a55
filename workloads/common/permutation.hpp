// Random permutations that any rank can compute, and undo, number by number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/random.hpp"

namespace workloads {

/// A bijection of 0 .. size-1 that looks random, given by size and seed alone.
/// A Feistel network permutes the next larger power of four; numbers that leave the range are
/// permuted again until they are back in it, which takes at most three more steps on average.
/// Cost: some 20 ns per number.
/// Source: Black, Rogaway: Ciphers with arbitrary finite domains, CT-RSA 2002 (cycle walking).
class RandomPermutation {
 public:
  /// \pre size <= 2^32
  RandomPermutation(std::uint64_t size, std::uint64_t seed) noexcept : size_(size) {
    while (half_bits_ < 16 && std::uint64_t{1} << (2 * half_bits_) < size) ++half_bits_;
    mask_ = (std::uint32_t{1} << half_bits_) - 1;
    for (std::size_t round = 0; round < keys_.size(); ++round) {
      keys_[round] = stream_key(seed, round);
    }
  }

  /// \pre x < size
  std::uint32_t operator()(std::uint32_t x) const noexcept {
    do x = forward(x);
    while (x >= size_);
    return x;
  }
  /// The number that is permuted to \p x.
  std::uint32_t inverse(std::uint32_t x) const noexcept {
    do x = backward(x);
    while (x >= size_);
    return x;
  }

 private:
  std::uint32_t scramble(std::uint32_t half, std::uint64_t key) const noexcept {
    return static_cast<std::uint32_t>(mix64(key + half)) & mask_;
  }
  std::uint32_t joined(std::uint32_t left, std::uint32_t right) const noexcept {
    return left << half_bits_ | right;
  }
  std::uint32_t forward(std::uint32_t x) const noexcept {
    std::uint32_t left = x >> half_bits_;
    std::uint32_t right = x & mask_;
    for (const std::uint64_t key : keys_) {
      const std::uint32_t next = left ^ scramble(right, key);
      left = right;
      right = next;
    }
    return joined(left, right);
  }
  std::uint32_t backward(std::uint32_t x) const noexcept {
    std::uint32_t left = x >> half_bits_;
    std::uint32_t right = x & mask_;
    for (std::size_t round = keys_.size(); round-- > 0;) {
      const std::uint32_t before = right ^ scramble(left, keys_[round]);
      right = left;
      left = before;
    }
    return joined(left, right);
  }

  std::uint64_t size_;
  unsigned half_bits_ = 1;
  std::uint32_t mask_ = 0;
  std::array<std::uint64_t, 6> keys_{};
};

}  // namespace workloads
