// The ways to carry particles from rank to rank, and the way without.
#pragma once

#include <mpi.h>

#include <buddy/buddy.hpp>
#include <cstdint>

#include "common/report.hpp"
#include "transport/answer.hpp"
#include "transport/problem.hpp"

namespace workloads::transport {

/// What one simulation gave.
struct Outcome {
  Answer answer;
  RunResult result;         ///< figures of the timed region: all cycles
  std::uint64_t sent = 0;   ///< particles given to other ranks
  std::uint64_t taken = 0;  ///< and received from them
};

/// Collective: one message per particle that enters another rank's cells. \param rounds times that
/// the same cycles are simulated; the answer is the last one's, the figures are those of all
Outcome run_buddy(buddy::Comm& comm, const Problem& problem, const Decomposition& decomposition,
                  std::uint64_t rounds);

/// Collective: the same by rounds of MPI_Alltoallv, the yardstick: all ranks track what they have,
/// then exchange what has left them, until nothing is left.
Outcome run_alltoallv(MPI_Comm comm, const Problem& problem, const Decomposition& decomposition,
                      std::uint64_t rounds);

/// Collective: every rank follows the particles born in its cells through the whole mesh; nothing
/// is carried. The independent computation that the answers of the others are compared with.
Answer replay(MPI_Comm comm, const Problem& problem, const Decomposition& decomposition);

}  // namespace workloads::transport
