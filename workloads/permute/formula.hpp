// The permutations as formulas: what fills the lists, and what answers are checked with.
#pragma once

#include <cstdint>

#include "common/matrix.hpp"
#include "common/permutation.hpp"
#include "permute/permute.hpp"

namespace workloads::permute {

struct Formula {
  RandomPermutation rows;
  RandomPermutation columns;

  Formula(std::uint64_t row_count, std::uint64_t column_count, std::uint64_t seed) noexcept
      : rows(row_count, stream_key(seed, 1)), columns(column_count, stream_key(seed, 2)) {}
};

enum class Direction { forward, back };

/// The lists of \p rank. \param rows of the matrix
Permutations make_lists(const Formula& formula, Direction direction, const BlockDistribution& rows,
                        const BlockDistribution& columns, int rank);

}  // namespace workloads::permute
