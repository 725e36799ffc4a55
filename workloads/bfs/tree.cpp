#include "bfs/tree.hpp"

namespace workloads::bfs {
namespace {

constexpr std::uint32_t on_path = no_level - 1;

/// Walks up from \p vertex to the first vertex whose level is known; \p path gets those before it.
/// \return that level, or no_level if the way ends elsewhere
std::uint32_t climb(std::span<const std::uint32_t> parents, std::uint32_t vertex,
                    std::vector<std::uint32_t>& levels, std::vector<std::uint32_t>& path) {
  while (levels[vertex] == no_level) {
    levels[vertex] = on_path;
    path.push_back(vertex);
    vertex = parents[vertex];
    if (vertex >= parents.size()) return no_level;  // no parent
  }
  return levels[vertex] == on_path ? no_level : levels[vertex];  // a cycle
}

}  // namespace

std::vector<std::uint32_t> tree_levels(std::span<const std::uint32_t> parents, std::uint32_t root) {
  std::vector<std::uint32_t> levels(parents.size(), no_level);
  if (root >= parents.size() || parents[root] != root) return {};
  levels[root] = 0;
  std::vector<std::uint32_t> path;
  for (std::uint32_t vertex = 0; vertex < parents.size(); ++vertex) {
    if (parents[vertex] == no_parent) continue;
    path.clear();
    std::uint32_t level = climb(parents, vertex, levels, path);
    if (level == no_level) return {};
    for (; !path.empty(); path.pop_back()) levels[path.back()] = ++level;
  }
  return levels;
}

}  // namespace workloads::bfs
