// Undirected graphs, distributed by vertices.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>

#include "common/block_distribution.hpp"
#include "common/matrix.hpp"
#include "common/matrix_options.hpp"

namespace workloads {

/// This rank's block of vertices with their neighbours: ascending, each once, never the vertex
/// itself. Both ends of an edge have each other as neighbours.
struct Graph {
  BlockDistribution blocks;
  std::uint64_t first_vertex = 0;  ///< of this rank's block
  CompressedRows<NoValue> rows;

  std::uint64_t vertices() const noexcept { return blocks.rows(); }
  /// \param i counts this rank's vertices
  std::span<const Cell<NoValue>> neighbours(std::size_t i) const noexcept { return rows.row(i); }
};

/// Collective: reads or generates the edges and distributes them, through MPI alone, in bounded
/// rounds. Directions, repeated edges and edges from a vertex to itself are dropped.
/// Errors: JobError, also if the matrix is not square.
Graph load_graph(const MatrixOptions& options, MPI_Comm comm);

/// Collective: number of edges of the whole graph.
std::uint64_t count_edges(const Graph& graph, MPI_Comm comm);

}  // namespace workloads
