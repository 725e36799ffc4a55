// What the programs in test/compat/ygm have in common: cases over one ygm::comm.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <ygm/comm.hpp>

#include "comm/mpi_check.hpp"

#ifndef BUDDY_YGM
#error "another ygm/comm.hpp comes first on the include path"
#endif

namespace buddy::test {

struct YgmCase {
  const char* name;
  void (*run)(ygm::comm& world);
};

/// main() of a program: one communicator, all cases with a barrier after each.
/// \return exit code: 0 if every check of this rank held
inline int run_ygm_cases(int argc, char** argv, std::initializer_list<YgmCase> cases,
                         unsigned seconds = 100) {
  limit_time(seconds);
  try {
    ygm::comm world(&argc, &argv);
    progress.rank = world.rank();
    for (const YgmCase& each : cases) {
      announce(each.name);
      each.run(world);
      world.barrier();
      if (world.rank0()) std::printf("%s\n", each.name);
    }
    announce("leaving");
  } catch (const std::exception& error) {
    fail(std::string("unexpected exception: ") + error.what(), Where::here());
  }
  std::fflush(stdout);
  return progress.failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace buddy::test
