#include "comm/bootstrap/machine_place.hpp"

#include <mutex>
#include <optional>
#include <utility>

#include "base/machine_identity.hpp"
#include "comm/bootstrap/mpi_exchange.hpp"

namespace buddy::comm {
namespace {

/// What the last communicator of all ranks found out.
struct Known {
  std::mutex mutex;
  std::optional<MachinePlace> place;
};

/// Never destroyed: communicators may be made until the end of the process.
Known& known() {
  static Known& one = *new Known;
  return one;
}

MachinePlace place_in_world() {
  MachinePlace place;
  MPI_Comm_rank(MPI_COMM_WORLD, &place.index);
  MPI_Comm_size(MPI_COMM_WORLD, &place.ranks);
  return place;
}

/// The same ranks, in whatever order: all of them answer alike.
bool has_all_ranks(MPI_Comm comm) {
  int same = MPI_UNEQUAL;
  MPI_Comm_compare(comm, MPI_COMM_WORLD, &same);
  return same != MPI_UNEQUAL;
}

/// \pre has_all_ranks(comm)
MachinePlace ask_all(MPI_Comm comm) {
  const int rank = place_in_world().index;
  const std::string machine = machine_identity();
  MachinePlace place{0, 0};
  for (const auto& [other_machine, other] : all_gather(comm, std::make_pair(machine, rank))) {
    if (other_machine != machine) continue;
    ++place.ranks;
    if (other < rank) ++place.index;
  }
  return place;
}

}  // namespace

MachinePlace find_place(MPI_Comm comm) {
  if (has_all_ranks(comm)) {
    // Each time: ranks that disagreed on whether to ask would wait for each other.
    const MachinePlace found = ask_all(comm);
    const std::lock_guard lock(known().mutex);
    known().place = found;
    return found;
  }
  const std::lock_guard lock(known().mutex);
  return known().place ? *known().place : place_in_world();
}

}  // namespace buddy::comm
