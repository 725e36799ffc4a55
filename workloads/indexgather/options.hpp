// What a run of the index gather does.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <optional>

#include "common/report.hpp"
#include "common/work.hpp"

namespace workloads::indexgather {

struct Options {
  std::uint64_t requests = std::uint64_t{1} << 24;  ///< of all ranks together
  std::uint64_t table = std::uint64_t{1} << 20;     ///< entries of the whole table
  std::uint64_t seed = 1;
  Method method = Method::buddy;
  bool prefetch = true;
  std::uint64_t rounds = 1;  ///< times that the measured work is done
  WorkOptions work = {};
};

/// Collective. \return the exit code instead if the program ends here
std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options);

}  // namespace workloads::indexgather
