// The independent check of the topological sort.
#pragma once

#include <mpi.h>

#include "common/matrix_options.hpp"
#include "toposort/sort.hpp"

namespace workloads::toposort {

/// Collective: are both orders permutations, and is every nonzero of the matrix, which is read or
/// generated once more, on or above the diagonal, with the old diagonal on the new one?
/// The nonzeros of the diagonal are the only choice of one per row and column, so they must be.
/// Memory: 8 bytes and a bit per row of the whole matrix on each rank. Errors: JobError.
bool is_sorted(MPI_Comm comm, const MatrixOptions& input, const BlockDistribution& blocks,
               const Order& order);

}  // namespace workloads::toposort
