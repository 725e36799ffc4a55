// The end of a conveyor where PEs forward for each other: none leaves before all have everything.
#pragma once

#include <mpi.h>

#include <array>
#include <cstdint>

namespace buddy::convey {

/// A barrier that is passed by asking: dissemination, log2(PEs) rounds of one empty message to
/// another PE and one from it (Hensgen, Finkel and Manber, Int. J. of Parallel Programming 17,
/// 1988). Conveyors end in any order, so each has a tag of its own; MPI's barriers have none.
/// Needs calls of pass() on every PE, and none of anything else. Threads: the PE's.
class EndBarrier {
 public:
  /// \param comm may be MPI_COMM_NULL: then it is passed at once
  EndBarrier(MPI_Comm comm, std::uint32_t conveyor);
  EndBarrier(const EndBarrier&) = delete;
  EndBarrier& operator=(const EndBarrier&) = delete;

  /// Enters it with the first call. \return whether all PEs have entered; the call after that
  /// enters the next one
  bool pass();

 private:
  MPI_Comm comm_;
  int tag_ = 0;
  int rank_ = 0;
  int size_ = 1;
  int distance_ = 1;  ///< of this round's PEs: 1, 2, 4, ...
  bool under_way_ = false;
  std::array<MPI_Request, 2> requests_{MPI_REQUEST_NULL, MPI_REQUEST_NULL};
};

}  // namespace buddy::convey
