// What a run of the shortest paths does.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <optional>

#include "common/matrix_options.hpp"
#include "common/work.hpp"

namespace workloads::sssp {

enum class Method {
  rounds,     ///< vertices that came nearer in a round send in the next one
  cascade,    ///< a vertex sends at once whenever it comes nearer
  alltoallv,  ///< rounds, by MPI alone
};

enum class Weights {
  unsaid,  ///< those of the file, if there is one
  file,
  random,  ///< of --seed
};

struct Options {
  MatrixOptions matrix;
  Weights weights = Weights::unsaid;
  std::optional<std::uint64_t> source{};  ///< none: the first vertex that an edge leaves
  Method method = Method::rounds;
  std::uint64_t rounds = 10;
  WorkOptions work;

  bool random_weights() const noexcept { return !matrix.input || weights == Weights::random; }
};

/// Collective. \return the exit code instead if the program ends here
std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options);

}  // namespace workloads::sssp
