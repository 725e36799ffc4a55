// The matrix to sort: upper triangular, with its rows and columns shuffled.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "common/block_distribution.hpp"
#include "common/matrix.hpp"
#include "common/matrix_options.hpp"
#include "common/permutation.hpp"

namespace workloads::toposort {

/// A nonzero by its place in the shuffled matrix.
struct Place {
  std::uint32_t row;
  std::uint32_t column;
};

/// Takes places of the triangular matrix to those of the shuffled one.
class Shuffling {
 public:
  Shuffling(std::uint64_t size, std::uint64_t seed) noexcept
      : rows_(size, stream_key(seed, 3)), columns_(size, stream_key(seed, 4)) {}

  /// Of the edge between \p a and \p b: above the diagonal, whatever its direction.
  Place edge(std::uint32_t a, std::uint32_t b) const noexcept {
    return {rows_(std::min(a, b)), columns_(std::max(a, b))};
  }
  Place diagonal(std::uint32_t i) const noexcept { return {rows_(i), columns_(i)}; }

 private:
  RandomPermutation rows_;
  RandomPermutation columns_;
};

/// All that is needed of a row.
struct RowState {
  std::uint64_t column_sum = 0;  ///< of the nonzeros that are left
  std::uint32_t count = 0;       ///< of the nonzeros that are left
  std::uint32_t level = 0;       ///< length of the longest chain of rows that it had to wait for
};

/// What a rank holds: its rows' states, and its columns' nonzeros, as rows of the transposed
/// matrix. A place may occur several times, but for the diagonal's.
struct ShuffledMatrix {
  BlockDistribution blocks;  ///< of rows, and of columns
  std::vector<RowState> rows;
  CompressedRows<NoValue> columns;
  std::uint64_t nonzeros = 0;  ///< of the whole matrix
};

/// Collective: reads or generates a graph and makes the matrix of it, through MPI alone. Edges from
/// a vertex to itself are dropped. Errors: JobError, also if the input is not square.
ShuffledMatrix load_shuffled(const MatrixOptions& options, MPI_Comm comm);

}  // namespace workloads::toposort
