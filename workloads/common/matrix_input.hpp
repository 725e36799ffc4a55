// Reading or generating the matrix, and bringing it to its owners.
#pragma once

#include <mpi.h>

#include <complex>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

#include "common/bulk_exchange.hpp"
#include "common/matrix.hpp"
#include "common/matrix_checksum.hpp"
#include "common/matrix_options.hpp"
#include "common/matrix_source.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "common/row_collector.hpp"

namespace workloads {

/// Where a rank gets nonzeros from: a file's are all read by rank 0, a generated graph's by each
/// rank for its part.
struct Input {
  MatrixHeader header;                   ///< the same on every rank
  std::unique_ptr<MatrixSource> source;  ///< null on ranks that read nothing
};

/// Collective. Errors: JobError.
Input open_input(const MatrixOptions& options, MPI_Comm comm);

/// The same of a matrix that must have as many rows as columns, whatever the limits say.
Input open_square_input(const MatrixOptions& options, MPI_Comm comm);

/// Collective: the next nonzeros of each rank, a bounded number. \return false when no rank had any
/// Errors: JobError on all ranks when one could not read.
bool read_some(Input& input, std::vector<Nonzero>& nonzeros, MPI_Comm comm);

template <class Value>
Value convert(const std::complex<double>& value) noexcept {
  if constexpr (std::is_same_v<Value, NoValue>) return {};
  if constexpr (std::is_same_v<Value, double>) return value.real();
  if constexpr (std::is_same_v<Value, std::complex<double>>) return value;
}

template <class Value>
struct LoadedMatrix {
  DistributedMatrix<Value> matrix;
  std::uint64_t nonzeros = 0;  ///< of the whole matrix, counted where they were read
  std::uint64_t checksum = 0;  ///< likewise
};

/// Collective: reads everything and distributes it by rows, through MPI alone, in bounded rounds.
/// Errors: JobError.
template <class Value>
LoadedMatrix<Value> load(Input& input, MPI_Comm comm) {
  const int rank = comm_rank(comm);
  const BlockDistribution rows(input.header.rows, comm_size(comm));
  RowCollector<Value> collector(rows.size(rank));
  BulkExchange exchange(comm, sizeof(Entry<Value>), std::size_t{1} << 16);
  std::vector<Nonzero> nonzeros(exchange.chunk_items());
  std::uint64_t count = 0;
  std::uint64_t checksum = 0;
  for (; read_some(input, nonzeros, comm); nonzeros.resize(exchange.chunk_items())) {
    count += nonzeros.size();
    for (const Nonzero& nonzero : nonzeros) {
      const Value value = convert<Value>(nonzero.value);
      checksum += hash_nonzero(nonzero.row, nonzero.column, value);
      const int owner = rows.owner(nonzero.row);
      const Entry<Value> entry{rows.local(nonzero.row, owner), nonzero.column, value};
      std::memcpy(exchange.add(owner), &entry, sizeof entry);
    }
    collector.add_all(exchange.exchange());
  }
  return {{rows, input.header.columns, rows.first_row(rank), collector.build()},
          sum_over_ranks(count, comm),
          sum_over_ranks(checksum, comm)};
}

}  // namespace workloads
