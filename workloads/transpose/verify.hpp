// The independent checks of the transpose.
#pragma once

#include <mpi.h>

#include <cstdint>

#include "transpose/input.hpp"
#include "transpose/matrix.hpp"

namespace workloads::transpose {

/// Collective: does \p transposed have the swapped shape, as many nonzeros as were read, and with
/// rows and columns swapped the checksum of what was read?
template <class Value>
bool matches_input(MPI_Comm comm, const LoadedMatrix<Value>& input,
                   const DistributedMatrix<Value>& transposed);

/// Collective: does every row of \p twice hold exactly the nonzeros of the same row of
/// \p original, whatever their order? Sorts the rows of both.
template <class Value>
bool same_rows(MPI_Comm comm, DistributedMatrix<Value>& original, DistributedMatrix<Value>& twice);

}  // namespace workloads::transpose
