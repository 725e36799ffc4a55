#include "permute/permute.hpp"

#include <complex>

#include "common/row_collector.hpp"

namespace workloads::permute {
namespace {

/// What handlers need on this rank. They find it here: naming it in every message would make
/// messages longer.
template <class Value>
struct State {
  const std::uint32_t* columns = nullptr;  ///< new numbers of this rank's block of columns
  const BlockDistribution* row_blocks = nullptr;
  RowCollector<Value>* arriving = nullptr;
  Work* work = nullptr;
};
template <class Value>
State<Value> here;

/// The second message of a nonzero: it has arrived.
template <class Value>
struct Place {
  void operator()(const Entry<Value>& entry) const {
    here<Value>.arriving->add(entry);
    (*here<Value>.work)(entry.column);
  }
};

/// The first message of a nonzero: the column in the receiver's block, the row in the new matrix.
template <class Value>
struct Rename {
  void operator()(buddy::Comm& comm, std::uint32_t column, std::uint32_t new_row,
                  const Value& value) const {
    const State<Value>& state = here<Value>;
    (*state.work)(new_row);
    const int owner = state.row_blocks->owner(new_row);
    const Entry<Value> entry{state.row_blocks->local(new_row, owner), state.columns[column], value};
    comm.async(owner, Place<Value>{}, entry);
  }
  const void* prefetch(std::uint32_t column, std::uint32_t /*new_row*/,
                       const Value& /*value*/) const {
    return &here<Value>.columns[column];
  }
};

}  // namespace

template <class Value>
DistributedMatrix<Value> permute(buddy::Comm& comm, const DistributedMatrix<Value>& matrix,
                                 const Permutations& permutations, Work* work) {
  const BlockDistribution& row_blocks = matrix.row_blocks;
  const BlockDistribution& column_blocks = permutations.column_blocks;
  RowCollector<Value> collector(row_blocks.size(comm.rank()));
  Work none;
  here<Value> = {permutations.columns.data(), &row_blocks, &collector,
                 work != nullptr ? work : &none};
  comm.control_barrier();  // every rank is ready before the first message arrives

  for (std::size_t i = 0; i < matrix.local.rows(); ++i) {
    const std::uint32_t new_row = permutations.rows[i];
    for (const Cell<Value>& cell : matrix.local.row(i)) {
      const int owner = column_blocks.owner(cell.column);
      comm.async(owner, Rename<Value>{}, column_blocks.local(cell.column, owner), new_row,
                 cell.value);
    }
  }
  comm.barrier();
  return {row_blocks, matrix.columns, matrix.first_row, collector.build()};
}

template DistributedMatrix<NoValue> permute(buddy::Comm&, const DistributedMatrix<NoValue>&,
                                            const Permutations&, Work*);
template DistributedMatrix<double> permute(buddy::Comm&, const DistributedMatrix<double>&,
                                           const Permutations&, Work*);
template DistributedMatrix<std::complex<double>> permute(
    buddy::Comm&, const DistributedMatrix<std::complex<double>>&, const Permutations&, Work*);

}  // namespace workloads::permute
