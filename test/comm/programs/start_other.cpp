// Like start, with another handler: the two may not be ranks of one job.
#include <buddy/buddy.hpp>
#include <cstdio>

int main(int argc, char** argv) {
  try {
    buddy::Comm comm(&argc, &argv);
    comm.async_bcast([](double) {}, 1.0);
    comm.async_bcast([](float) {}, 1.0f);
    comm.barrier();
    return 0;
  } catch (const buddy::Error& error) {
    std::fprintf(stderr, "code %d: %s\n", static_cast<int>(error.code()), error.what());
    MPI_Barrier(MPI_COMM_WORLD);  // the launcher ends the job when the first rank has ended
    MPI_Finalize();
    return 3;
  }
}
