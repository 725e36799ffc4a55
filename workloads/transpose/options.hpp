// What a run of the transpose does.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <optional>

#include "common/matrix_options.hpp"
#include "common/report.hpp"
#include "common/work.hpp"

namespace workloads::transpose {

struct Options {
  MatrixOptions matrix;
  Method method = Method::buddy;
  std::uint64_t rounds = 32;  ///< times that the measured work is done
  WorkOptions work;
};

/// Collective. \return the exit code instead if the program ends here
std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options);

}  // namespace workloads::transpose
