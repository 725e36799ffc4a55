// The independent check of shortest paths.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

#include "common/block_distribution.hpp"
#include "sssp/dijkstra.hpp"
#include "sssp/options.hpp"

namespace workloads::sssp {

struct Verification {
  bool correct = false;
  bool by_dijkstra = false;   ///< the graph was small enough for that, too
  std::uint64_t reached = 0;  ///< vertices
  double farthest = 0;        ///< the largest distance of a reached vertex
};

/// Collective: checks distances on the edges of the input, which is read or generated once more:
/// 1. the source's is 0;
/// 2. no edge leads to a shorter path, nor from a reached vertex to one that is not;
/// 3. every other reached vertex has a tight edge: the distance of its near end and its weight add
///    up to the vertex's distance exactly. Following such edges backwards leads to the source: to
///    smaller distances, and among equal ones (edges of length 0) step by step;
/// 4. if there are at most 2^20 edges and 2^20 vertices, all distances are those that Dijkstra's
///    algorithm finds in one process.
/// Memory: 8 bytes and a bit per vertex of the whole graph on each rank. Errors: JobError.
/// \param mine distances of this rank's vertices
Verification verify(MPI_Comm comm, const Options& options, const BlockDistribution& blocks,
                    std::uint32_t source, const std::vector<double>& mine);

}  // namespace workloads::sssp
