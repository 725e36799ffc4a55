#include "tools/scale/scale_memory.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "arena/sizes.hpp"
#include "engine/engine.hpp"
#include "tools/scale/reserved_memory.hpp"
#include "tools/scale/scale_check.hpp"
#include "transport/network.hpp"
#include "wire/run.hpp"

namespace buddy::tools {
namespace {

/// Of a simulation, for every channel of an agent: its entries in the arena, where one page more
/// than its messages fill is touched, and the heads of lanes and queues.
constexpr std::uint64_t channel_overhead_bytes = 900;
/// For every agent: frames on their way, and what ranks and engines keep besides.
constexpr std::uint64_t agent_overhead_bytes = 256 << 10;
/// Of a random number of messages: nearly all blocks have less than so many times the mean.
constexpr std::uint64_t spread_of_blocks = 2;

std::uint64_t gibibytes_up(std::uint64_t bytes) { return (bytes + (1u << 30) - 1) >> 30; }

/// What of an open block is touched at most.
std::uint64_t touched_bytes(const ScaleCase& job, std::uint64_t channels,
                            const arena::Sizes& sizes) {
  const std::uint64_t stride = wire::item_stride(job.payload_bytes, wire::Form::routed);
  const std::uint64_t items =
      job.messages * job.ranks_per_agent / std::max<std::uint64_t>(channels, 1);
  const std::uint64_t filled =
      std::min<std::uint64_t>(spread_of_blocks * items * stride, sizes.block_bytes);
  const std::uint64_t page = page_bytes();
  return (filled / page + 1) * page;
}

}  // namespace

EngineMemory engine_memory(const ScaleCase& job) {
  const wire::JobMap map = job.map();
  const wire::Routes routes(map);
  const arena::Sizes sizes = arena::sizes_for(routes, map.knobs);
  const std::uint32_t most_channels = routes.most_neighbours();
  AgentId most{0};
  while (routes.neighbours(most).size() < most_channels) ++most.value;
  const std::size_t channels = routes.neighbours(most).size();
  const std::size_t near = wire::ring_neighbours(map, routes, most).size();
  const std::size_t far = channels - near;
  const bool embedded = job.ranks_per_agent == 1;
  EngineMemory memory;
  memory.channels = channels;
  memory.blocks = engine::engine_arena_bytes(job.ranks_per_agent + channels, sizes) +
                  (embedded ? arena::open_block_bytes(sizes) : 0);
  memory.links = 2 * job.ranks_per_agent *
                 arena::ring_bytes(embedded ? sizes.loopback_ring_bytes : sizes.link_ring_bytes);
  memory.rings = near == 0 ? 0 : arena::fabric_arena_bytes(near, sizes);
  memory.windows = far * transport::network_peer_bytes(sizes, far);
  memory.tables = sizeof(std::uint32_t) * (2 * std::uint64_t{map.agents()} +
                                           2 * std::uint64_t{map.ranks()} + routes.groups());
  return memory;
}

std::uint64_t simulation_bytes(const ScaleCase& job) {
  const EngineMemory memory = engine_memory(job);
  const wire::JobMap map = job.map();
  const arena::Sizes sizes = arena::sizes_for(wire::Routes(map), map.knobs);
  const std::uint64_t blocks =
      (memory.channels + job.ranks_per_agent) * touched_bytes(job, memory.channels, sizes);
  const std::uint64_t links =
      job.ranks_per_agent == 1 ? arena::open_block_bytes(sizes) : memory.links;
  const std::uint64_t each = blocks + links + memory.channels * channel_overhead_bytes +
                             memory.tables + agent_overhead_bytes;
  return job.agents * each + Deliveries::memory_bytes(job.ranks());
}

Status check_memory(const ScaleCase& job, std::uint64_t available_bytes) {
  const std::uint64_t needed = simulation_bytes(job);
  if (needed <= available_bytes) return {};
  return {ErrorCode::no_memory,
          fmt::format("'{}' needs about {} GiB of memory ({} GiB are available) simulate fewer "
                      "agents, or another routing",
                      job.name(), gibibytes_up(needed), available_bytes >> 30)};
}

}  // namespace buddy::tools
