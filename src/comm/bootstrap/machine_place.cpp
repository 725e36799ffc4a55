#include "comm/bootstrap/machine_place.hpp"

#include <mutex>
#include <optional>

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

MachinePlace place_among(const MachineGroup& group) {
  const int rank = place_in_world().index;
  MachinePlace place{0, 0};
  for (const int other : all_gather_plain(group.comm(), rank)) {
    ++place.ranks;
    if (other < rank) ++place.index;
  }
  return place;
}

}  // namespace

MachinePlace find_place(MPI_Comm comm, const MachineGroup& group) {
  if (has_all_ranks(comm)) {
    // Each time: ranks that disagreed on whether to ask would wait for each other.
    const MachinePlace found = place_among(group);
    const std::lock_guard lock(known().mutex);
    known().place = found;
    return found;
  }
  const std::lock_guard lock(known().mutex);
  return known().place ? *known().place : place_in_world();
}

}  // namespace buddy::comm
