// What a run of the transpose does.
#pragma once

#include <mpi.h>

#include <optional>
#include <string>

#include "common/kronecker.hpp"
#include "common/report.hpp"

namespace workloads::transpose {

struct Options {
  std::optional<std::string> input;  ///< a file; none: generate
  KroneckerOptions generated;        ///< what to generate
  Method method = Method::buddy;
};

/// Collective. \return the exit code instead if the program ends here
std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options);

}  // namespace workloads::transpose
