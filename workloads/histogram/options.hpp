// What a run of the histogram does.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/report.hpp"
#include "common/work.hpp"

namespace workloads::histogram {

struct Options {
  std::uint64_t updates = std::uint64_t{1} << 24;  ///< increments sent by each rank
  std::uint64_t table = std::uint64_t{1} << 20;    ///< entries on each rank
  std::uint64_t payload_bytes = 8;                 ///< of an increment, at least 8
  std::uint64_t seed = 1;
  Method method = Method::buddy;
  bool prefetch = true;
  std::uint64_t rounds = 1;  ///< times that the measured work is done
  WorkOptions work = {};
};

/// Collective. \return the exit code instead if the program ends here
std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options);

}  // namespace workloads::histogram
