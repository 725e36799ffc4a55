#include "common/matrix_compare.hpp"

#include <algorithm>
#include <bit>
#include <complex>
#include <span>
#include <tuple>

#include "common/report.hpp"

namespace workloads {
namespace {

// Values are compared as bits: a not-a-number is equal to itself, and 0 differs from -0.
auto sort_key(const Cell<NoValue>& cell) { return cell.column; }
auto sort_key(const Cell<double>& cell) {
  return std::tuple(cell.column, std::bit_cast<std::uint64_t>(cell.value));
}
auto sort_key(const Cell<std::complex<double>>& cell) {
  return std::tuple(cell.column, std::bit_cast<std::uint64_t>(cell.value.real()),
                    std::bit_cast<std::uint64_t>(cell.value.imag()));
}

template <class Value>
bool same_cells(std::span<Cell<Value>> a, std::span<Cell<Value>> b) {
  const auto before = [](const auto& x, const auto& y) { return sort_key(x) < sort_key(y); };
  std::sort(a.begin(), a.end(), before);
  std::sort(b.begin(), b.end(), before);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return sort_key(x) == sort_key(y); });
}

bool true_on_all_ranks(bool mine, MPI_Comm comm) {
  return sum_over_ranks(std::uint64_t{mine ? 0U : 1U}, comm) == 0;
}

}  // namespace

template <class Value>
bool same_rows(MPI_Comm comm, DistributedMatrix<Value>& original, DistributedMatrix<Value>& twice) {
  bool same = original.local.rows() == twice.local.rows() && original.columns == twice.columns;
  for (std::size_t i = 0; same && i < original.local.rows(); ++i) {
    same = same_cells(original.local.row(i), twice.local.row(i));
  }
  return true_on_all_ranks(same, comm);
}

template bool same_rows(MPI_Comm, DistributedMatrix<NoValue>&, DistributedMatrix<NoValue>&);
template bool same_rows(MPI_Comm, DistributedMatrix<double>&, DistributedMatrix<double>&);
template bool same_rows(MPI_Comm, DistributedMatrix<std::complex<double>>&,
                        DistributedMatrix<std::complex<double>>&);

}  // namespace workloads
