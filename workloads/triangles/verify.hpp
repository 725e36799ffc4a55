// The independent count of triangles.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

#include "common/matrix_options.hpp"
#include "triangles/count.hpp"

namespace workloads::triangles {

/// An edge of the input; what direction it has does not matter.
struct InputEdge {
  std::uint32_t a;
  std::uint32_t b;
};

/// Vertices to begin triangles from: first, first + step, ...
struct Stride {
  std::uint64_t first = 0;
  std::uint64_t step = 1;
};

/// Serial: triangles whose lowest vertex is one of \p lowest. Marks the neighbours of that vertex
/// and looks for marks among the neighbours of each; no questions about pairs.
Tally count_serially(std::span<const InputEdge> edges, std::uint64_t vertices,
                     const Stride& lowest);

/// Collective: counts serially from the input, which every rank reads or generates as a whole once
/// more; the ranks share the lowest vertices. \return the sum over all ranks, on every rank
/// Memory: up to 24 bytes per edge of the whole graph on each rank. Errors: JobError.
Tally count_again(const MatrixOptions& options, MPI_Comm comm);

}  // namespace workloads::triangles
