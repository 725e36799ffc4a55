// The graph whose shortest paths are found.
#pragma once

#include <mpi.h>

#include <cstdint>

#include "common/matrix.hpp"
#include "common/matrix_input.hpp"
#include "sssp/options.hpp"

namespace workloads::sssp {

/// This rank's block of vertices, each with the edges that leave it: far ends ascending, each once,
/// with the least weight that the input gives it, and never the vertex itself.
struct WeightedGraph {
  BlockDistribution blocks;
  std::uint64_t first_vertex = 0;  ///< of this rank's block
  CompressedRows<double> rows;
};

/// The length of an edge between two vertices, the same in both directions: k * 2^-20 with k in
/// 1 .. 2^20, so that sums along a path are exact.
double random_weight(std::uint64_t seed, std::uint32_t a, std::uint32_t b) noexcept;

/// Collective: the edges as nonzeros (from, to, weight), of the file or generated.
/// Errors: JobError, with file and line.
Input open_weighted(const Options& options, MPI_Comm comm);

/// Collective: distributes them, through MPI alone, in bounded rounds. Errors: JobError.
WeightedGraph load_weighted(const Options& options, MPI_Comm comm);

/// Collective: the vertex that paths begin at. Errors: JobError if it does not exist.
std::uint32_t choose_source(const Options& options, const WeightedGraph& graph, MPI_Comm comm);

}  // namespace workloads::sssp
