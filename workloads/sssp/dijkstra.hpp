// Shortest paths once more, in one process and in another way.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace workloads::sssp {

struct WeightedEdge {
  std::uint32_t from;
  std::uint32_t to;
  double weight;
};

/// Distances of all vertices from \p source, those of vertices that no path leads to infinite.
/// Source: Dijkstra, A note on two problems in connexion with graphs, 1959.
std::vector<double> dijkstra(std::span<const WeightedEdge> edges, std::uint64_t vertices,
                             std::uint32_t source);

}  // namespace workloads::sssp
