// Time in which a rank was ready to run while its CPU ran others.
#pragma once

#include <mpi.h>

#include <optional>

namespace workloads {

/// Adds up the run delay of this thread over the timed regions of a process. Time asleep is not in
/// it. What the kernel does not count stays unknown.
class RunDelay {
 public:
  /// The timed region begins, or ends.
  static void begin();
  static void end();

  /// Collective: of all regions so far and all ranks, seconds, on every rank.
  static std::optional<double> sum_over_ranks(MPI_Comm comm);
};

}  // namespace workloads
