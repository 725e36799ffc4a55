// Prints where the ranks are: of all, then of parts of even and odd ranks.
// usage: places [parts-first]
// An error is printed with its rank and code, and is exit code 3.
#include <buddy/buddy.hpp>
#include <cstdio>
#include <cstring>

namespace {

void show(const char* what, MPI_Comm mpi) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const buddy::Comm comm(mpi);
  std::printf("%s: rank %d on node %d of %d\n", what, rank, comm.node(), comm.nodes());
}

void show_parts() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm part = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, rank % 2, -rank, &part);
  show(rank % 2 == 0 ? "even" : "odd", part);
  MPI_Comm_free(&part);
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int result = 0;
  try {
    if (argc > 1 && std::strcmp(argv[1], "parts-first") == 0) show_parts();
    show("all", MPI_COMM_WORLD);
    show_parts();
  } catch (const buddy::Error& error) {
    std::fprintf(stderr, "code %d: %s\n", static_cast<int>(error.code()), error.what());
    MPI_Barrier(MPI_COMM_WORLD);  // the launcher ends the job when the first rank has ended
    result = 3;
  }
  MPI_Finalize();
  return result;
}
