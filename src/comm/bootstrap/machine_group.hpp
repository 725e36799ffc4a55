// The ranks of a communicator that are on one machine.
#pragma once

#include <buddy/detail/mpi.hpp>
#include <string>

namespace buddy::comm {

/// A communicator of those that share a machine, in the order of their ranks: what only they need
/// to know of each other need not go to everybody. A machine is what machine_identity() says, and
/// not what MPI thinks of it: containers on one machine may have a /dev/shm each.
/// Threads: the rank's.
class MachineGroup {
 public:
  /// Collective over \p comm. \param machine where this rank is
  MachineGroup(MPI_Comm comm, const std::string& machine);
  ~MachineGroup() { MPI_Comm_free(&comm_); }
  MachineGroup(const MachineGroup&) = delete;
  MachineGroup& operator=(const MachineGroup&) = delete;

  MPI_Comm comm() const noexcept { return comm_; }
  /// This rank is the lowest: what one of a machine does for all is its work.
  bool is_first() const;

  /// By which MPI tells machines apart at first: short, so that two machines may have the same one.
  static int colour_of(const std::string& machine) noexcept;

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

}  // namespace buddy::comm
