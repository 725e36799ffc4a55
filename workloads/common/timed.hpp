// The timed region of a workload.
#pragma once

#include <mpi.h>

#include <buddy/comm.hpp>
#include <buddy/region.hpp>

#include "common/run_delay.hpp"

namespace workloads {

/// Runs \p body as the part of the program that matters: what is timed here is what `buddy profile`
/// reports. \param seconds is set to the time it took on this rank \param run_delay is told of it
/// \return what \p body returns
template <class Body>
auto timed(buddy::Comm& comm, double& seconds, RunDelay& run_delay, Body body) {
  struct Timer {
    buddy::Region region;
    double& seconds;
    RunDelay& run_delay;
    double start;
    ~Timer() {
      seconds = MPI_Wtime() - start;
      run_delay.end();
    }
  };
  run_delay.begin();
  const Timer timer{buddy::Region(comm), seconds, run_delay, MPI_Wtime()};
  return body();
}

}  // namespace workloads
