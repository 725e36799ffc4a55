// The timed region of a workload.
#pragma once

#include <mpi.h>

#include <buddy/comm.hpp>
#include <buddy/region.hpp>

#include "common/run_delay.hpp"

namespace workloads {

/// Runs \p body as the part of the program that matters: what is timed here is what `buddy profile`
/// reports. \param seconds is set to the time it took on this rank \return what \p body returns
template <class Body>
auto timed(buddy::Comm& comm, double& seconds, Body body) {
  struct Timer {
    buddy::Region region;
    double& seconds;
    double start;
    ~Timer() {
      seconds = MPI_Wtime() - start;
      RunDelay::end();
    }
  };
  RunDelay::begin();
  const Timer timer{buddy::Region(comm), seconds, MPI_Wtime()};
  return body();
}

}  // namespace workloads
