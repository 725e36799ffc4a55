// The little that every rank tells all others, and the map that they make of it.
#pragma once

#include <buddy/comm_options.hpp>
#include <cstdint>
#include <span>

#include "wire/job_map.hpp"

namespace buddy::comm {

/// Where a rank is: all that goes from everybody to everybody when a communicator is made.
struct RankRecord {
  std::uint64_t agents_machine = 0;  ///< digest of the machine that its agent is on
  std::uint32_t first_on_node = 0;   ///< lowest rank of its node
  std::uint32_t workers = 0;         ///< of its node's engine; none in host placement
};
static_assert(sizeof(RankRecord) == 16, "docs/design/start_up.md says how much a rank tells");

/// Nodes and machines are numbered in the order in which they first appear. In host placement every
/// rank is an agent; otherwise the ranks of a node go to its engine's workers in turn.
/// \pre the first rank of each node is known as such
/// \return the map without what is chosen: fabric, knobs, routing
wire::JobMap map_of(std::span<const RankRecord> ranks, Placement placement);

}  // namespace buddy::comm
