// The smallest program: makes a communicator and talks once. An error is printed with its rank and
// code, and is exit code 3.
#include <buddy/buddy.hpp>
#include <cstdio>

namespace {
int heard = 0;
}

int main(int argc, char** argv) {
  try {
    buddy::Comm comm(&argc, &argv);
    comm.async_bcast([](int from) { heard += from + 1; }, comm.rank());
    comm.barrier();
    std::printf("rank %d of %d heard %d\n", comm.rank(), comm.size(), heard);
    return 0;
  } catch (const buddy::Error& error) {
    std::fprintf(stderr, "code %d: %s\n", static_cast<int>(error.code()), error.what());
    MPI_Barrier(MPI_COMM_WORLD);  // the launcher ends the job when the first rank has ended
    MPI_Finalize();
    return 3;
  }
}
