#include <complex>

#include "common/row_collector.hpp"
#include "transpose/transpose.hpp"

namespace workloads::transpose {
namespace {

/// Where this rank's part of the transpose arrives. Handlers find it here: naming it in every
/// message, by a buddy::Handle, would cost 4 bytes each.
template <class Value>
RowCollector<Value>* arriving = nullptr;

Work* work_per_entry = nullptr;

template <class Value>
struct AddEntry {
  void operator()(const Entry<Value>& entry) const { arriving<Value>->add(entry); }
};

/// A handler of its own, so that runs without work do not ask for every message whether there is.
template <class Value>
struct AddEntryWithWork {
  void operator()(const Entry<Value>& entry) const {
    arriving<Value>->add(entry);
    (*work_per_entry)(entry.column);
  }
};

template <class Value, class Handler>
void send_entries(buddy::Comm& comm, const DistributedMatrix<Value>& matrix,
                  const BlockDistribution& new_rows, Handler handler) {
  for (std::size_t i = 0; i < matrix.local.rows(); ++i) {
    const auto new_column = static_cast<std::uint32_t>(matrix.first_row + i);
    for (const Cell<Value>& cell : matrix.local.row(i)) {
      const int owner = new_rows.owner(cell.column);
      const Entry<Value> entry{new_rows.local(cell.column, owner), new_column, cell.value};
      comm.async(owner, handler, entry);
    }
  }
}

}  // namespace

template <class Value>
DistributedMatrix<Value> transpose(buddy::Comm& comm, const DistributedMatrix<Value>& matrix,
                                   Work* work) {
  const BlockDistribution new_rows(matrix.columns, comm.size());
  RowCollector<Value> collector(new_rows.size(comm.rank()));
  arriving<Value> = &collector;
  work_per_entry = work;
  comm.control_barrier();  // every rank has its collector in place before the first message arrives

  if (work != nullptr && work->units() > 0) {
    send_entries(comm, matrix, new_rows, AddEntryWithWork<Value>{});
  } else {
    send_entries(comm, matrix, new_rows, AddEntry<Value>{});
  }
  comm.barrier();
  return {new_rows, matrix.row_blocks.rows(), new_rows.first_row(comm.rank()), collector.build()};
}

template DistributedMatrix<NoValue> transpose(buddy::Comm&, const DistributedMatrix<NoValue>&,
                                              Work*);
template DistributedMatrix<double> transpose(buddy::Comm&, const DistributedMatrix<double>&, Work*);
template DistributedMatrix<std::complex<double>> transpose(
    buddy::Comm&, const DistributedMatrix<std::complex<double>>&, Work*);

}  // namespace workloads::transpose
