// The two ways to transpose a distributed matrix.
#pragma once

#include <mpi.h>

#include <buddy/buddy.hpp>

#include "common/matrix.hpp"
#include "common/work.hpp"

namespace workloads::transpose {

/// Collective: sends every nonzero to the owner of its new row, as one message each; returns when
/// the rows are built. Value: NoValue, double or std::complex<double>.
/// \param work done for every message that arrives; null: none
template <class Value>
DistributedMatrix<Value> transpose(buddy::Comm& comm, const DistributedMatrix<Value>& matrix,
                                   Work* work);

/// Collective: the same by rounds of MPI_Alltoallv, the yardstick.
template <class Value>
DistributedMatrix<Value> transpose(MPI_Comm comm, const DistributedMatrix<Value>& matrix,
                                   Work* work);

}  // namespace workloads::transpose
