// Rows of a graph without what says nothing about it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>

#include "common/matrix.hpp"

namespace workloads {

/// Sorts every row and leaves out repetitions, of which the least value stays, and the row's own
/// vertex. \param first_vertex row 0's
template <class Value>
void simplify_rows(CompressedRows<Value>& rows, std::uint64_t first_vertex) {
  const auto less = [](const auto& a, const auto& b) {
    if constexpr (!std::is_same_v<Value, NoValue>) {
      if (a.column == b.column) return a.value < b.value;
    }
    return a.column < b.column;
  };
  const auto same = [](const auto& a, const auto& b) { return a.column == b.column; };
  std::uint64_t placed = 0;
  std::uint64_t begin = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::span<Cell<Value>> row{rows.cells.data() + begin,
                                     static_cast<std::size_t>(rows.row_begin[i + 1] - begin)};
    begin = rows.row_begin[i + 1];
    std::sort(row.begin(), row.end(), less);
    const auto end = std::unique(row.begin(), row.end(), same);
    rows.row_begin[i] = placed;
    const auto last =
        std::copy_if(row.begin(), end, rows.cells.data() + placed,
                     [&](const auto& cell) { return cell.column != first_vertex + i; });
    placed = static_cast<std::uint64_t>(last - rows.cells.data());
  }
  rows.row_begin.back() = placed;
}

}  // namespace workloads
