// The independent check of the matrix permutation.
#pragma once

#include <mpi.h>

#include <cstdint>

#include "common/matrix_input.hpp"
#include "permute/formula.hpp"

namespace workloads::permute {

/// Collective: was \p input distributed as it was read, and has \p permuted as many nonzeros and
/// the checksum that the formula gives for those? No list and no message is used. Wrong places,
/// changed values, lost and repeated nonzeros change the checksum.
template <class Value>
bool matches_formula(MPI_Comm comm, const LoadedMatrix<Value>& input, const Formula& formula,
                     const DistributedMatrix<Value>& permuted);

}  // namespace workloads::permute
