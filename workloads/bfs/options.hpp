// What a run of the breadth-first search does.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <optional>

#include "common/matrix_options.hpp"
#include "common/work.hpp"

namespace workloads::bfs {

struct Options {
  MatrixOptions matrix;
  std::uint64_t roots = 4;   ///< searches
  std::uint64_t rounds = 1;  ///< times that the measured work is done
  WorkOptions work;
};

/// Collective. \return the exit code instead if the program ends here
std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options);

}  // namespace workloads::bfs
