// A sparse matrix distributed by rows.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/block_distribution.hpp"
#include "common/huge_pages.hpp"
#include "common/matrix_source.hpp"

namespace workloads {

/// The value of a nonzero of a pattern matrix: none.
struct NoValue {
  friend bool operator==(const NoValue&, const NoValue&) = default;
};

/// A nonzero on its way to the owner of its row. Travels as 8, 16 or 24 bytes.
template <class Value>
struct Entry {
  std::uint32_t row;     ///< in the receiver's block
  std::uint32_t column;  ///< in the whole matrix
  [[no_unique_address]] Value value;
};

/// A nonzero in its row.
template <class Value>
struct Cell {
  std::uint32_t column;
  [[no_unique_address]] Value value;
};

static_assert(sizeof(Entry<NoValue>) == 8 && sizeof(Cell<NoValue>) == 4);
static_assert(sizeof(Entry<double>) == 16 && sizeof(Entry<std::complex<double>>) == 24);

/// Compressed sparse rows: row i has the cells row_begin[i] up to row_begin[i + 1].
/// Rows are complete and in order; the cells of a row are in the order they arrived, and a column
/// may occur several times.
template <class Value>
struct CompressedRows {
  std::vector<std::uint64_t> row_begin{0};
  HugeArray<Cell<Value>> cells;

  std::size_t rows() const noexcept { return row_begin.size() - 1; }
  std::uint64_t nonzeros() const noexcept { return row_begin.back(); }
  std::span<Cell<Value>> row(std::size_t i) noexcept {
    return {cells.data() + row_begin[i], static_cast<std::size_t>(row_begin[i + 1] - row_begin[i])};
  }
  std::span<const Cell<Value>> row(std::size_t i) const noexcept {
    return {cells.data() + row_begin[i], static_cast<std::size_t>(row_begin[i + 1] - row_begin[i])};
  }
};

/// This rank's block of rows of a matrix.
template <class Value>
struct DistributedMatrix {
  BlockDistribution row_blocks;
  std::uint64_t columns = 0;
  std::uint64_t first_row = 0;  ///< of this rank's block
  CompressedRows<Value> local;
};

}  // namespace workloads
