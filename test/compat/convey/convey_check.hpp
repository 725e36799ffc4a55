// What the programs in test/compat/convey have in common: cases over conveyors, between MPI_Init
// and MPI_Finalize.
#pragma once

#include <convey.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <vector>

#include "comm/mpi_check.hpp"

#ifndef BUDDY_CONVEY
#error "another convey.h comes first on the include path"
#endif

namespace buddy::test {

inline int pe = 0;
inline int pes = 1;

struct ConveyCase {
  const char* name;
  void (*run)();
};

/// main() of a program: all cases with a barrier of MPI's after each.
/// \return exit code: 0 if every check of this rank held
inline int run_convey_cases(int argc, char** argv, std::initializer_list<ConveyCase> cases,
                            unsigned seconds = 100) {
  limit_time(seconds);
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &pe);
  MPI_Comm_size(MPI_COMM_WORLD, &pes);
  progress.rank = pe;
  for (const ConveyCase& each : cases) {
    announce(each.name);
    each.run();
    MPI_Barrier(MPI_COMM_WORLD);  // a PE that is done need not be asked again
    if (pe == 0) std::printf("%s\n", each.name);
  }
  announce("leaving");
  std::fflush(stdout);
  MPI_Finalize();
  return progress.failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

inline std::int64_t sum_over_pes(std::int64_t mine) {
  std::int64_t all = 0;
  MPI_Allreduce(&mine, &all, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
  return all;
}

/// Ends a conveyor in which everything that matters has been pulled.
inline void finish(convey_t* c) {
  std::vector<char> item(convey_item_size(c));
  int state = convey_OK;
  while ((state = convey_advance(c, true)) > 0) {
    while (convey_apull(c, nullptr) != nullptr) {
    }
  }
  expect_equal(state, int{convey_DONE}, "the end of a conveyor");
  expect_equal(convey_reset(c), int{convey_OK}, "reset");
}

/// PE 0's printed_seed(), on all PEs.
inline std::uint64_t common_seed() {
  std::uint64_t seed = pe == 0 ? printed_seed() : 0;
  MPI_Bcast(&seed, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
  return seed;
}

}  // namespace buddy::test
