// The checks of every run.
#pragma once

#include <mpi.h>

#include "transport/run.hpp"

namespace workloads::transport {

/// Particles leaving the slab against what theory says.
struct SlabCheck {
  std::uint64_t born = 0;
  std::uint64_t escaped = 0;
  double expected = 0;
  double sigmas = 0;  ///< how far off, in standard deviations of a binomial distribution

  /// A correct program is farther off for one seed in two million.
  static constexpr double most_sigmas = 5;
  bool passed() const noexcept;
};
SlabCheck check_slab(const Answer& answer);

struct Verification {
  bool balanced = false;   ///< particles, cycle by cycle
  bool delivered = false;  ///< as many particles arrived as were sent
  bool replayed = false;   ///< every tally is as without any communication
  bool correct() const noexcept { return balanced && delivered && replayed; }
};

/// Collective: runs \p problem again, without communication, and compares.
Verification verify(MPI_Comm comm, const Problem& problem, const Decomposition& decomposition,
                    const Outcome& outcome);

}  // namespace workloads::transport
