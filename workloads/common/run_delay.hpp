// What the kernel knows of a rank's timed regions: run delay and system time.
#pragma once

#include <mpi.h>

#include <optional>

namespace workloads {

/// Adds up, over the timed regions of a process, the run delay of this thread (ready to run while
/// its CPU ran others; time asleep is not in it), and the process's system time. What the kernel
/// does not count stays unknown.
class RunDelay {
 public:
  /// The timed region begins, or ends.
  static void begin();
  static void end();

  /// Collective: of all regions so far and all ranks, seconds, on every rank.
  static std::optional<double> sum_over_ranks(MPI_Comm comm);
  /// The same of system time.
  static double system_seconds_over_ranks(MPI_Comm comm);
};

}  // namespace workloads
