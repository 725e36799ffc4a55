// What the kernel knows of a rank's timed regions: run delay and system time.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <optional>

namespace workloads {

struct RunResult;

/// Adds up, over the timed regions that it is told of, the run delay of this thread (ready to run
/// while its CPU ran others; time asleep is not in it), and the process's system time. What the
/// kernel does not count stays unknown. Each result has one of its own: regions of another
/// measurement are not in it.
class RunDelay {
 public:
  /// The timed region begins, or ends.
  void begin();
  void end();

  /// Collective: writes the sums of all regions so far and all ranks into \p result.
  void add_to(RunResult& result, MPI_Comm comm) const;

 private:
  std::optional<std::uint64_t> begun_ns_;
  std::uint64_t sum_ns_ = 0;
  bool known_ = true;
  double system_begun_ = 0;
  double system_sum_ = 0;
};

}  // namespace workloads
