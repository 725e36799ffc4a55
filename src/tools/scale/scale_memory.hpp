// What engines take of memory, by the formulas that size them, and what simulating them takes.
#pragma once

#include <cstdint>

#include "base/status.hpp"
#include "tools/scale/scale_case.hpp"

namespace buddy::tools {

/// Memory of the engine with most channels, bytes.
struct EngineMemory {
  std::uint64_t channels = 0;  ///< to other engines
  std::uint64_t blocks = 0;    ///< open blocks, and what is kept for each hop
  std::uint64_t links = 0;     ///< rings to and from its ranks
  std::uint64_t rings = 0;     ///< inbound, of engines of its node
  std::uint64_t windows = 0;   ///< of engines of other nodes, both directions
  std::uint64_t tables = 0;    ///< the map of the job, and the next hop of every rank
  std::uint64_t total() const noexcept { return blocks + links + rings + windows + tables; }
};

/// Of a job that need not be simulated, of any size.
EngineMemory engine_memory(const ScaleCase& job);

/// Memory that a simulation of \p job takes in this process. Pages of open blocks that are never
/// written take none, so it depends on how many messages there are.
std::uint64_t simulation_bytes(const ScaleCase& job);

/// Errors: no_memory, with the job, if \p available_bytes are too few for its simulation.
Status check_memory(const ScaleCase& job, std::uint64_t available_bytes);

}  // namespace buddy::tools
