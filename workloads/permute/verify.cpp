#include "permute/verify.hpp"

#include <complex>

#include "common/matrix_checksum.hpp"
#include "common/report.hpp"

namespace workloads::permute {

template <class Value>
bool matches_formula(MPI_Comm comm, const LoadedMatrix<Value>& input, const Formula& formula,
                     const DistributedMatrix<Value>& permuted) {
  const DistributedMatrix<Value>& original = input.matrix;
  std::uint64_t expected = 0;
  for (std::size_t i = 0; i < original.local.rows(); ++i) {
    const std::uint32_t new_row = formula.rows(static_cast<std::uint32_t>(original.first_row + i));
    for (const Cell<Value>& cell : original.local.row(i)) {
      expected += hash_nonzero(new_row, formula.columns(cell.column), cell.value);
    }
  }
  return sum_over_ranks(checksum(original, false), comm) == input.checksum &&
         sum_over_ranks(permuted.local.nonzeros(), comm) == input.nonzeros &&
         sum_over_ranks(checksum(permuted, false), comm) == sum_over_ranks(expected, comm);
}

template bool matches_formula(MPI_Comm, const LoadedMatrix<NoValue>&, const Formula&,
                              const DistributedMatrix<NoValue>&);
template bool matches_formula(MPI_Comm, const LoadedMatrix<double>&, const Formula&,
                              const DistributedMatrix<double>&);
template bool matches_formula(MPI_Comm, const LoadedMatrix<std::complex<double>>&, const Formula&,
                              const DistributedMatrix<std::complex<double>>&);

}  // namespace workloads::permute
