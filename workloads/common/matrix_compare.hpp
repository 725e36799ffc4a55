// Comparing two distributed matrices.
#pragma once

#include <mpi.h>

#include "common/matrix.hpp"

namespace workloads {

/// Collective: does every row of \p twice hold exactly the nonzeros of the same row of
/// \p original, whatever their order? Sorts the rows of both.
template <class Value>
bool same_rows(MPI_Comm comm, DistributedMatrix<Value>& original, DistributedMatrix<Value>& twice);

}  // namespace workloads
