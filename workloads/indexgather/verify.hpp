// The independent check of the index gather.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>

#include "indexgather/options.hpp"

namespace workloads::indexgather {

struct Verification {
  bool correct = false;
  std::uint64_t answer_checksum = 0;  ///< of all answers, the same however many ranks there were
};

/// Collective: compares every answer with the table's formula, without the table and without any
/// communication of answers. \param answers of this rank's requests
Verification verify(MPI_Comm comm, const Options& options, std::span<const std::uint64_t> answers);

}  // namespace workloads::indexgather
