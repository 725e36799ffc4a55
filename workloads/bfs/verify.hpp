// The independent check of the breadth-first search.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>

#include "bfs/search.hpp"
#include "common/graph.hpp"
#include "common/matrix_options.hpp"

namespace workloads::bfs {

struct Verification {
  bool correct = false;
  std::uint64_t edges = 0;  ///< of the input, repeated ones counted, between reached vertices
  std::uint64_t levels = 0;
  std::uint64_t reached = 0;  ///< vertices
};

/// Collective: checks a tree by the rules of the Graph500 benchmark, from the parents and the input
/// alone, which is read or generated once more:
/// 1. the parents form a tree whose root is \p root, without a cycle;
/// 2. levels, counted along that tree, are those of the search: a parent's is one less;
/// 3. the levels of an edge's ends differ by at most 1;
/// 4. both ends of an edge are reached, or none is: the tree spans its component;
/// 5. a vertex and its parent are joined by an edge of the input.
/// Memory: 8 bytes and a bit per vertex of the whole graph on each rank. Errors: JobError.
/// Source: Graph500 benchmark specification 3.0, "Validation".
Verification verify(MPI_Comm comm, const MatrixOptions& input, const BlockDistribution& blocks,
                    std::uint32_t root, std::span<const Mark> marks);

}  // namespace workloads::bfs
