// Topological sort by messages.
#pragma once

#include <buddy/buddy.hpp>
#include <cstdint>
#include <vector>

#include "common/work.hpp"
#include "toposort/shuffled_matrix.hpp"

namespace workloads::toposort {

/// Where this rank's rows and columns go to make the matrix upper triangular.
struct Order {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> columns;
  std::uint64_t levels = 0;  ///< length of the longest chain of rows that had to wait for another
};

/// Collective. A row with a single nonzero left can be placed below all others that are not placed
/// yet, and its column right of theirs; then the column is struck out, which leaves other rows with
/// a single nonzero. Rows are placed by the length of the chain they waited for and then by number,
/// so that the order does not depend on that in which messages arrive.
/// Uses up the row states of \p matrix. \param work done for every message that arrives
/// Source: toposort of the bale suite, there in rounds.
Order sort(buddy::Comm& comm, ShuffledMatrix& matrix, Work& work);

}  // namespace workloads::toposort
