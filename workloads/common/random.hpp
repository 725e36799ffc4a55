// Cheap random numbers that any rank can generate again.
#pragma once

#include <cstdint>

namespace workloads {

__extension__ using Uint128 = unsigned __int128;

/// Upper half of the product: for random \p a a number in [0, b) without a division.
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) noexcept {
  return static_cast<std::uint64_t>((Uint128{a} * b) >> 64);
}

/// A bijection of 64-bit words that changes half of the bits when one changes.
/// Source: finaliser of splitmix64 (Steele, Lea, Flood: Fast splittable generators, 2014).
constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

/// Random numbers by counter: the k-th one depends on key and k only, so that every rank can
/// generate any rank's sequence, or any part of it, for itself.
/// Cost: one multiplication, no dependency from one number to the next but an addition.
/// Source: wyrand (Wang Yi, public domain).
class RandomStream {
 public:
  explicit constexpr RandomStream(std::uint64_t key, std::uint64_t first = 0) noexcept
      : counter_(key + first * step) {}

  constexpr std::uint64_t next() noexcept {
    counter_ += step;
    const Uint128 product = Uint128{counter_} * (counter_ ^ 0xe7037ed1a0b428dbU);
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }

 private:
  static constexpr std::uint64_t step = 0xa0761d6478bd642fU;
  std::uint64_t counter_;
};

/// A key for stream \p number of a run with \p seed; nearby numbers and seeds give unrelated keys.
constexpr std::uint64_t stream_key(std::uint64_t seed, std::uint64_t number) noexcept {
  return mix64(mix64(seed + 0x9e3779b97f4a7c15U) + number);
}

}  // namespace workloads
