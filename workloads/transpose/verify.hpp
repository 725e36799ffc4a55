// The independent checks of the transpose.
#pragma once

#include <mpi.h>

#include <cstdint>

#include "common/matrix.hpp"
#include "common/matrix_input.hpp"

namespace workloads::transpose {

/// Collective: does \p transposed have the swapped shape, as many nonzeros as were read, and with
/// rows and columns swapped the checksum of what was read?
template <class Value>
bool matches_input(MPI_Comm comm, const LoadedMatrix<Value>& input,
                   const DistributedMatrix<Value>& transposed);

}  // namespace workloads::transpose
