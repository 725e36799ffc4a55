// The random increments of the histogram.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/random.hpp"

namespace workloads::histogram {

/// Counts on this rank; entry i of rank r is entry r * (entries per rank) + i of the whole table.
using TableEntry = std::uint64_t;

/// An increment as it travels: which entry of the receiver's part of the table, and by how much.
/// The bytes between stand for what a real program would send along.
template <std::size_t bytes>
struct Update {
  static_assert(bytes > 16 && bytes % 8 == 0);
  std::uint64_t index;
  std::array<std::byte, bytes - 16> filler;
  std::uint64_t amount = 1;
};

template <>
struct Update<16> {
  std::uint64_t index;
  std::uint64_t amount = 1;
};

template <>
struct Update<8> {
  std::uint64_t index;
  static constexpr std::uint64_t amount = 1;  // no room to send it
};

static_assert(sizeof(Update<8>) == 8 && sizeof(Update<16>) == 16 && sizeof(Update<64>) == 64);

struct Target {
  std::uint32_t rank;
  std::uint64_t index;  ///< on that rank
};

/// The k-th entry a rank increments, for k = 0, 1, ...: uniform over the whole table.
/// Cost: about 1 ns each; any rank can generate any rank's targets.
class TargetStream {
 public:
  struct Shape {
    std::uint64_t ranks;
    std::uint64_t entries_per_rank;
    std::uint64_t seed;
  };

  TargetStream(const Shape& shape, std::uint64_t rank) noexcept
      : shape_(shape), random_(stream_key(shape.seed, rank)) {}

  Target next() noexcept {
    // Multiplying a random fraction by the ranks leaves the rank above the binary point and
    // a random fraction for the entry below it; no division.
    const Uint128 scaled = Uint128{random_.next()} * shape_.ranks;
    return {static_cast<std::uint32_t>(scaled >> 64),
            multiply_high(static_cast<std::uint64_t>(scaled), shape_.entries_per_rank)};
  }

 private:
  Shape shape_;
  RandomStream random_;
};

}  // namespace workloads::histogram
