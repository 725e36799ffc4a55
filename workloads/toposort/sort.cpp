#include "toposort/sort.hpp"

#include <algorithm>

namespace workloads::toposort {
namespace {

/// What handlers need on this rank. They find it here: naming it in every message would make
/// messages longer.
struct State {
  ShuffledMatrix* matrix = nullptr;
  std::uint32_t* columns = nullptr;  ///< where this rank's columns go
  std::uint64_t first_row = 0;
  Work* work = nullptr;
};
State here;

void send_pivot(buddy::Comm& comm, std::uint32_t row);

/// A column is struck out of one of the receiver's rows.
struct StrikeOut {
  void operator()(buddy::Comm& comm, std::uint32_t row, std::uint32_t column,
                  std::uint32_t level) const {
    (*here.work)(column);
    RowState& state = here.matrix->rows[row];
    state.level = std::max(state.level, level + 1);
    state.column_sum -= column;
    if (--state.count == 1) send_pivot(comm, row);
  }
  const void* prefetch(std::uint32_t row, std::uint32_t /*column*/,
                       std::uint32_t /*level*/) const noexcept {
    return &here.matrix->rows[row];
  }
};

/// One of the receiver's columns has found its row: all other rows lose it.
struct Pivot {
  void operator()(buddy::Comm& comm, std::uint32_t column, std::uint32_t pivot_row,
                  std::uint32_t level) const {
    (*here.work)(pivot_row);
    const BlockDistribution& blocks = here.matrix->blocks;
    const auto number = static_cast<std::uint32_t>(blocks.first_row(comm.rank())) + column;
    for (const Cell<NoValue>& cell : here.matrix->columns.row(column)) {
      if (cell.column == pivot_row) continue;
      const int owner = blocks.owner(cell.column);
      comm.async(owner, StrikeOut{}, blocks.local(cell.column, owner), number, level);
    }
  }
};

/// The row of one of the receiver's columns has been placed.
struct PlaceColumn {
  void operator()(std::uint32_t column, std::uint32_t position) const {
    (*here.work)(position);
    here.columns[column] = position;
  }
};

/// With a single nonzero left, the sum of a row's columns is that nonzero's.
std::uint32_t only_column(std::uint32_t row) noexcept {
  return static_cast<std::uint32_t>(here.matrix->rows[row].column_sum);
}

void send_pivot(buddy::Comm& comm, std::uint32_t row) {
  const BlockDistribution& blocks = here.matrix->blocks;
  const std::uint32_t column = only_column(row);
  const int owner = blocks.owner(column);
  comm.async(owner, Pivot{}, blocks.local(column, owner),
             static_cast<std::uint32_t>(here.first_row) + row, here.matrix->rows[row].level);
}

/// How many rows of all ranks come before this rank's first of each level, in ascending order of
/// levels, and of ranks within a level.
std::vector<std::uint64_t> rows_before(const std::vector<RowState>& states,
                                       std::uint64_t level_count, MPI_Comm comm) {
  std::vector<std::uint64_t> mine(static_cast<std::size_t>(level_count));
  for (const RowState& state : states) ++mine[state.level];
  std::vector<std::uint64_t> all(mine.size());
  std::vector<std::uint64_t> before(mine.size());  // rank 0 gets nothing from MPI_Exscan
  const int count = static_cast<int>(mine.size());
  MPI_Allreduce(mine.data(), all.data(), count, MPI_UINT64_T, MPI_SUM, comm);
  MPI_Exscan(mine.data(), before.data(), count, MPI_UINT64_T, MPI_SUM, comm);
  std::uint64_t lower_levels = 0;
  for (std::size_t level = 0; level < all.size(); ++level) {
    before[level] += lower_levels;
    lower_levels += all[level];
  }
  return before;
}

}  // namespace

Order sort(buddy::Comm& comm, ShuffledMatrix& matrix, Work& work) {
  const auto row_count = static_cast<std::uint32_t>(matrix.rows.size());
  Order order;
  order.rows.resize(row_count);
  order.columns.resize(row_count);
  here = {&matrix, order.columns.data(), matrix.blocks.first_row(comm.rank()), &work};
  std::vector<std::uint32_t> ready;  // found before any message can make rows ready
  for (std::uint32_t row = 0; row < row_count; ++row) {
    if (matrix.rows[row].count == 1) ready.push_back(row);
  }
  comm.control_barrier();  // every rank is ready before the first message arrives

  for (const std::uint32_t row : ready) send_pivot(comm, row);
  comm.barrier();

  const std::uint64_t rows = matrix.blocks.rows();
  std::uint64_t highest = 0;
  for (const RowState& state : matrix.rows) highest = std::max<std::uint64_t>(highest, state.level);
  order.levels = comm.all_reduce_max(highest) + 1;
  std::vector<std::uint64_t> before = rows_before(matrix.rows, order.levels, comm.mpi_comm());
  for (std::uint32_t row = 0; row < row_count; ++row) {
    order.rows[row] = static_cast<std::uint32_t>(rows - 1 - before[matrix.rows[row].level]++);
    if (matrix.rows[row].count != 1) continue;  // not triangular; the check finds its column
    const std::uint32_t column = only_column(row);
    const int owner = matrix.blocks.owner(column);
    comm.async(owner, PlaceColumn{}, matrix.blocks.local(column, owner), order.rows[row]);
  }
  comm.barrier();
  return order;
}

}  // namespace workloads::toposort
