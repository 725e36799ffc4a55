#include "sssp/dijkstra.hpp"

#include <functional>
#include <limits>
#include <queue>
#include <utility>

namespace workloads::sssp {
namespace {

/// Edges by the vertex that they leave.
struct Adjacency {
  Adjacency(std::span<const WeightedEdge> edges, std::uint64_t vertices)
      : begins(static_cast<std::size_t>(vertices) + 1), targets(edges.size()) {
    for (const WeightedEdge& edge : edges) ++begins[edge.from + std::size_t{1}];
    for (std::size_t v = 1; v < begins.size(); ++v) begins[v] += begins[v - 1];
    std::vector<std::size_t> next(begins.begin(), begins.end() - 1);
    for (const WeightedEdge& edge : edges) targets[next[edge.from]++] = {edge.to, edge.weight};
  }
  std::vector<std::size_t> begins;
  std::vector<std::pair<std::uint32_t, double>> targets;
};

}  // namespace

std::vector<double> dijkstra(std::span<const WeightedEdge> edges, std::uint64_t vertices,
                             std::uint32_t source) {
  const Adjacency graph(edges, vertices);
  std::vector<double> distances(static_cast<std::size_t>(vertices),
                                std::numeric_limits<double>::infinity());
  using Reached = std::pair<double, std::uint32_t>;
  std::priority_queue<Reached, std::vector<Reached>, std::greater<>> queue;
  distances[source] = 0;
  queue.emplace(0, source);
  while (!queue.empty()) {
    const auto [distance, vertex] = queue.top();
    queue.pop();
    if (distance > distances[vertex]) continue;  // reached on a shorter path since
    for (std::size_t k = graph.begins[vertex]; k < graph.begins[vertex + std::size_t{1}]; ++k) {
      const auto [target, weight] = graph.targets[k];
      if (!(distance + weight < distances[target])) continue;
      distances[target] = distance + weight;
      queue.emplace(distances[target], target);
    }
  }
  return distances;
}

}  // namespace workloads::sssp
