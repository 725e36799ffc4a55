#include "transpose/verify.hpp"

#include <complex>

#include "common/report.hpp"

namespace workloads::transpose {

template <class Value>
bool matches_input(MPI_Comm comm, const LoadedMatrix<Value>& input,
                   const DistributedMatrix<Value>& transposed) {
  const bool same_shape = transposed.row_blocks.rows() == input.matrix.columns &&
                          transposed.columns == input.matrix.row_blocks.rows();
  const std::uint64_t nonzeros = sum_over_ranks(transposed.local.nonzeros(), comm);
  const std::uint64_t sum = sum_over_ranks(checksum(transposed, true), comm);
  return same_shape && nonzeros == input.nonzeros && sum == input.checksum;
}

template bool matches_input(MPI_Comm, const LoadedMatrix<NoValue>&,
                            const DistributedMatrix<NoValue>&);
template bool matches_input(MPI_Comm, const LoadedMatrix<double>&,
                            const DistributedMatrix<double>&);
template bool matches_input(MPI_Comm, const LoadedMatrix<std::complex<double>>&,
                            const DistributedMatrix<std::complex<double>>&);

}  // namespace workloads::transpose
