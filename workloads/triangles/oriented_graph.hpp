// A graph in which every edge leads from the end with fewer neighbours to the one with more.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>

#include "common/graph.hpp"
#include "common/huge_pages.hpp"

namespace workloads::triangles {

/// A vertex's place in the order: by number of neighbours, then by number.
struct Height {
  std::uint32_t degree;
  std::uint32_t vertex;
  friend bool operator<(const Height& a, const Height& b) noexcept {
    return a.degree != b.degree ? a.degree < b.degree : a.vertex < b.vertex;
  }
};

/// Edges lead upwards in the order, which leaves few at each vertex: at most sqrt(2 * edges).
/// Rows hold the far ends twice: in the order, and ascending by number.
struct OrientedGraph {
  BlockDistribution blocks;
  CompressedRows<NoValue> in_order;
  HugeArray<std::uint32_t> by_number;  ///< rows as in in_order

  std::span<const std::uint32_t> sorted_row(std::size_t i) const noexcept {
    const std::uint64_t begin = in_order.row_begin[i];
    return {by_number.data() + begin, static_cast<std::size_t>(in_order.row_begin[i + 1] - begin)};
  }
};

/// Collective: tells both ends of every edge about the other's number of neighbours, through MPI
/// alone, in bounded rounds.
OrientedGraph orient(const Graph& graph, MPI_Comm comm);

}  // namespace workloads::triangles
