// Which rank owns which rows.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/random.hpp"

namespace workloads {

/// Splits rows 0 .. rows-1 into one block of consecutive rows per rank, all of the same size but
/// the last ones, which may be smaller or empty.
class BlockDistribution {
 public:
  /// \pre rows <= 2^32, ranks >= 1
  BlockDistribution(std::uint64_t rows, int ranks) noexcept
      : rows_(rows),
        ranks_(static_cast<std::uint64_t>(ranks)),
        // At least 2, for which the reciprocal fits 64 bits.
        block_(std::max<std::uint64_t>(2, (rows + ranks_ - 1) / ranks_)),
        reciprocal_(~std::uint64_t{0} / block_ + 1) {}

  /// Cost: a multiplication. It is row / block exactly, because row * block < 2^64: the
  /// reciprocal is too large by less than block / 2^64.
  int owner(std::uint32_t row) const noexcept {
    return static_cast<int>(multiply_high(row, reciprocal_));
  }
  /// Position of \p row in its owner's block.
  std::uint32_t local(std::uint32_t row, int owner) const noexcept {
    return row - static_cast<std::uint32_t>(static_cast<std::uint64_t>(owner) * block_);
  }
  std::uint64_t first_row(int rank) const noexcept {
    return std::min(rows_, static_cast<std::uint64_t>(rank) * block_);
  }
  /// Number of rows of \p rank.
  std::uint64_t size(int rank) const noexcept { return first_row(rank + 1) - first_row(rank); }
  std::uint64_t rows() const noexcept { return rows_; }

 private:
  std::uint64_t rows_;
  std::uint64_t ranks_;
  std::uint64_t block_;
  std::uint64_t reciprocal_;
};

}  // namespace workloads
