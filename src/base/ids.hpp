// Identifiers of the job. Each kind is a type of its own, so that they cannot be swapped by
// accident.
#pragma once

#include <compare>
#include <cstdint>

namespace buddy {

/// An integer that belongs to one kind of thing only.
template <class Tag>
struct Id {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(Id, Id) = default;
};

using RankId = Id<struct RankTag>;  ///< process of the application, 0 .. ranks-1
using NodeId = Id<struct NodeTag>;  ///< ranks that share one engine process
using AgentId =
    Id<struct AgentTag>;  ///< one single-threaded engine: a worker, or embedded in a rank

}  // namespace buddy
