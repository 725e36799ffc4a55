// Breadth-first search by messages.
#pragma once

#include <algorithm>
#include <buddy/buddy.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "common/graph.hpp"
#include "common/work.hpp"

namespace workloads::bfs {

/// How a vertex was reached: its level and its parent, or not at all. Marks compare by level, then
/// by parent.
class Mark {
 public:
  constexpr Mark() = default;
  constexpr Mark(std::uint32_t level, std::uint32_t parent) noexcept
      : bits_(std::uint64_t{level} << 32U | parent) {}

  bool reached() const noexcept { return bits_ != unreached; }
  std::uint32_t level() const noexcept { return static_cast<std::uint32_t>(bits_ >> 32U); }
  std::uint32_t parent() const noexcept { return static_cast<std::uint32_t>(bits_); }
  std::uint64_t bits() const noexcept { return bits_; }
  friend bool operator<(Mark a, Mark b) noexcept { return a.bits_ < b.bits_; }

 private:
  static constexpr std::uint64_t unreached = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t bits_ = unreached;
};

/// Collective: searches from \p root, level by level.
/// Of all vertices that could be its parent a vertex takes the smallest, so that the tree does not
/// depend on the order in which messages arrive.
/// \param marks of this rank's vertices, unreached \param work done for every edge where it arrives
void search(buddy::Comm& comm, const Graph& graph, std::uint32_t root, std::span<Mark> marks,
            Work& work);

}  // namespace workloads::bfs
