// A tree given by every vertex's parent, and the levels that follow from it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace workloads::bfs {

constexpr std::uint32_t no_parent = ~std::uint32_t{0};
constexpr std::uint32_t no_level = ~std::uint32_t{0};

/// Levels of all vertices, no_level without a parent.
/// \return nothing if \p parents is no tree with that root: the root is not its own parent, a path
/// ends elsewhere, or it is a cycle
std::vector<std::uint32_t> tree_levels(std::span<const std::uint32_t> parents, std::uint32_t root);

}  // namespace workloads::bfs
