// Which ranks share a machine, and where among them this one is.
#pragma once

#include <buddy/detail/mpi.hpp>

#include "comm/bootstrap/machine_group.hpp"

namespace buddy::comm {

/// One rank among those of MPI_COMM_WORLD that are on its machine, in the order of their numbers.
struct MachinePlace {
  int index = 0;
  int ranks = 1;
};

/// This rank's place. MPI tells it, not the launcher's variables: those are inherited by whatever
/// is started within a job, and each launcher has names of its own.
/// Collective over \p comm, on every rank alike whatever else has failed there.
/// A communicator with fewer ranks than MPI_COMM_WORLD cannot ask the others: it takes what the
/// last one with all ranks found out. If there was none yet, rank and size of MPI_COMM_WORLD are
/// taken, which is right on one machine.
/// \param group of \p comm
MachinePlace find_place(MPI_Comm comm, const MachineGroup& group);

}  // namespace buddy::comm
