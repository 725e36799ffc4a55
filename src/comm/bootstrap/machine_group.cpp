#include "comm/bootstrap/machine_group.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "comm/bootstrap/mpi_exchange.hpp"

namespace buddy::comm {

int MachineGroup::colour_of(const std::string& machine) noexcept {
  constexpr int all_but_31_bits = 33;
  return static_cast<int>(Digest().add(machine).value() >> all_but_31_bits);
}

MachineGroup::MachineGroup(MPI_Comm comm, const std::string& machine) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_split(comm, colour_of(machine), rank, &comm_);
  const auto all = all_gather(comm_, machine);
  if (std::count(all.begin(), all.end(), machine) == static_cast<std::ptrdiff_t>(all.size())) {
    return;  // so it is for all of them
  }
  const auto first = std::find(all.begin(), all.end(), machine) - all.begin();
  MPI_Comm shared = comm_;
  MPI_Comm_split(shared, static_cast<int>(first), rank, &comm_);
  MPI_Comm_free(&shared);
}

bool MachineGroup::is_first() const {
  int index = 0;
  MPI_Comm_rank(comm_, &index);
  return index == 0;
}

}  // namespace buddy::comm
