// What the workload programs have in common: MPI around them, one message when they fail.
#pragma once

#include <mpi.h>

#include <stdexcept>
#include <string>

namespace workloads {

/// A reason to end the program that every rank knows: all throw it, rank 0 prints it.
class JobError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Collective: throws JobError on all ranks if \p problem is not empty on rank \p root.
void agree(MPI_Comm comm, const std::string& problem, int root = 0);

/// Runs \p body, which begins with CommandLine::parse(), between MPI_Init and MPI_Finalize, and
/// turns exceptions into messages on stderr. A JobError ends all ranks in order; any other
/// exception ends the job with MPI_Abort, because the other ranks may wait for this one. \return
/// the exit code
int run_program(int argc, char** argv, int (*body)(int argc, char** argv));

int comm_rank(MPI_Comm comm);
int comm_size(MPI_Comm comm);

}  // namespace workloads
