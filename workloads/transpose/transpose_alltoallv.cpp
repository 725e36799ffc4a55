#include <complex>
#include <cstring>

#include "common/bulk_exchange.hpp"
#include "common/program.hpp"
#include "common/row_collector.hpp"
#include "transpose/transpose.hpp"

namespace workloads::transpose {
namespace {

constexpr std::size_t entries_per_round = 8192;

/// Rounds in which the rank with the most nonzeros has sent them all.
std::uint64_t count_rounds(MPI_Comm comm, std::uint64_t nonzeros, std::size_t chunk_items) {
  std::uint64_t rounds = (nonzeros + chunk_items - 1) / chunk_items;
  MPI_Allreduce(MPI_IN_PLACE, &rounds, 1, MPI_UINT64_T, MPI_MAX, comm);
  return rounds;
}

}  // namespace

template <class Value>
DistributedMatrix<Value> transpose(MPI_Comm comm, const DistributedMatrix<Value>& matrix,
                                   Work* work) {
  const int rank = comm_rank(comm);
  const BlockDistribution new_rows(matrix.columns, comm_size(comm));
  RowCollector<Value> collector(new_rows.size(rank));
  BulkExchange exchange(comm, sizeof(Entry<Value>), entries_per_round);
  std::size_t room = exchange.chunk_items();
  const std::uint64_t rounds = count_rounds(comm, matrix.local.nonzeros(), room);
  std::uint64_t round = 0;
  const auto finish_round = [&] {
    const std::span<const std::byte> received = exchange.exchange();
    collector.add_all(received);
    if (work != nullptr && work->units() > 0) {
      for (std::size_t i = 0; i < received.size() / sizeof(Entry<Value>); ++i) (*work)(i);
    }
    room = exchange.chunk_items();
  };

  for (std::size_t i = 0; i < matrix.local.rows(); ++i) {
    const auto new_column = static_cast<std::uint32_t>(matrix.first_row + i);
    for (const Cell<Value>& cell : matrix.local.row(i)) {
      const int owner = new_rows.owner(cell.column);
      const Entry<Value> entry{new_rows.local(cell.column, owner), new_column, cell.value};
      std::memcpy(exchange.add(owner), &entry, sizeof entry);
      if (--room == 0) {
        finish_round();
        ++round;
      }
    }
  }
  for (; round < rounds; ++round) finish_round();
  return {new_rows, matrix.row_blocks.rows(), new_rows.first_row(rank), collector.build()};
}

template DistributedMatrix<NoValue> transpose(MPI_Comm, const DistributedMatrix<NoValue>&, Work*);
template DistributedMatrix<double> transpose(MPI_Comm, const DistributedMatrix<double>&, Work*);
template DistributedMatrix<std::complex<double>> transpose(
    MPI_Comm, const DistributedMatrix<std::complex<double>>&, Work*);

}  // namespace workloads::transpose
