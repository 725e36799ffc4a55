// Errors as exceptions; a communicator on part of MPI_COMM_WORLD, with options.
#include <buddy/buddy.hpp>
#include <cstdio>
#include <stdexcept>

namespace {

// A destination outside the job is an error that leaves the communicator as it was.
bool refuse_destination(buddy::Comm& comm) {
  try {
    comm.async(comm.size(), [] {});
  } catch (const buddy::Error& error) {
    return error.code() == buddy::ErrorCode::invalid_argument;
  }
  return false;
}

// What a handler throws comes out of the call that ran it; the messages behind it are not lost.
bool catch_from_handler(buddy::Comm& comm) {
  static int handled = 0;
  handled = 0;
  comm.async(comm.rank(), [] { throw std::runtime_error("from a handler"); });
  comm.async(comm.rank(), [] { ++handled; });
  bool caught = false;
  try {
    comm.wait_until([] { return handled == 1; });
  } catch (const std::runtime_error&) {
    caught = true;
  }
  comm.wait_until([] { return handled == 1; });
  return caught;
}

int run() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm half = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, rank % 2, rank, &half);
  int good = 0;
  {
    buddy::Options options;  // what is left empty comes from the environment
    options.placement = buddy::Placement::host;
    buddy::Comm comm(half, options);
    good = refuse_destination(comm) && catch_from_handler(comm) ? 1 : 0;
    good = comm.all_reduce_min(good);
  }
  MPI_Comm_free(&half);
  MPI_Allreduce(MPI_IN_PLACE, &good, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  if (rank == 0) std::printf("errors: %s\n", good != 0 ? "ok" : "wrong");
  return good != 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int code = 1;
  try {
    code = run();
  } catch (const buddy::Error& error) {  // one rank's reason on all of them
    std::fprintf(stderr, "errors: %s\n", error.what());
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  MPI_Finalize();
  return code;
}
