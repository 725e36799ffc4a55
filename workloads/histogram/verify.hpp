// The independent check of the histogram.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>
#include <string>

#include "histogram/options.hpp"
#include "histogram/updates.hpp"

namespace workloads::histogram {

struct Verification {
  bool correct = false;
  std::uint64_t answer_checksum = 0;  ///< of the whole table
  std::string method;                 ///< "exact", or "checksum" where exact would take too long
};

/// Collective: generates all updates once more and compares, without any communication of them.
/// Always: the sum of the whole table, and a checksum in which every entry has a weight of its own.
/// Exact, while the ranks together need at most 2^33 random numbers for it: every rank subtracts
/// what all ranks should have sent to it, and finds zeros.
/// Destroys the table.
Verification verify(MPI_Comm comm, const Options& options, std::span<TableEntry> table);

}  // namespace workloads::histogram
