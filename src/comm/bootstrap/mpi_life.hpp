// Between MPI_Init and MPI_Finalize: whether MPI may be called, and being told before it ends.
#pragma once

#include <buddy/detail/mpi.hpp>
#include <functional>

#include "base/status.hpp"

namespace buddy::comm {

/// Calls MPI_Init if nobody has. \return whether it did
bool initialise_mpi(int* argc, char*** argv);

/// Calls MPI_Finalize unless somebody has.
void finalise_mpi();

/// Whether a communicator can be made from \p parent now, on this thread. Errors: invalid_argument
/// if MPI is not initialised or has been finalised, if this thread may not call it, or if \p parent
/// is no communicator of one group.
Status check_parent(MPI_Comm parent);

/// Calls back at the beginning of MPI_Finalize, while all of MPI still works.
/// MPI deletes the attributes of MPI_COMM_SELF first, the last one first, and calls what was
/// registered for that.
/// Threads: MPI_Finalize's calls back.
class BeforeFinalize {
 public:
  /// \param callback must not throw
  explicit BeforeFinalize(std::function<void()> callback);
  BeforeFinalize(const BeforeFinalize&) = delete;
  BeforeFinalize& operator=(const BeforeFinalize&) = delete;
  ~BeforeFinalize();

 private:
  static int on_delete(MPI_Comm, int, void* self, void*);

  std::function<void()> callback_;
  int key_ = MPI_KEYVAL_INVALID;
  bool waiting_ = true;  ///< to be called back
};

}  // namespace buddy::comm
