// The two ways to run the index gather.
#pragma once

#include <mpi.h>

#include <buddy/buddy.hpp>
#include <cstdint>
#include <span>

#include "common/block_distribution.hpp"
#include "common/report.hpp"
#include "common/work.hpp"
#include "indexgather/options.hpp"
#include "indexgather/table.hpp"

namespace workloads::indexgather {

/// What a rank gives and what it takes.
struct Memory {
  std::span<const std::uint64_t> table;  ///< this rank's block
  std::span<std::uint64_t> answers;      ///< of this rank's requests, in their order
};

/// Collective: asks for this rank's entries; returns when all ranks have all their answers.
/// \param work done for every request and every reply where it arrives
RunResult run_buddy(buddy::Comm& comm, const Options& options, const Memory& memory, Work& work);

/// Collective: the same by rounds of two exchanges, the yardstick.
RunResult run_alltoallv(MPI_Comm comm, const Options& options, const Memory& memory, Work& work);

}  // namespace workloads::indexgather
