#include "engine/job_limits.hpp"

#include <string>

#include "arena/counter_file.hpp"
#include "arena/sizes.hpp"
#include "engine/engine.hpp"
#include "transport/network.hpp"

namespace buddy::engine {
namespace {

/// Ranks that share the node of an agent.
std::uint32_t ranks_of_node(const wire::JobMap& map, AgentId agent) {
  std::uint32_t count = 0;
  for (std::uint32_t rank = 0; rank < map.ranks(); ++rank) {
    if (map.node_of(RankId{rank}) == map.node_of(agent)) ++count;
  }
  return count;
}

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string((bytes + (1u << 20) - 1) >> 20) + " MiB";
}

}  // namespace

std::uint64_t agent_memory_bytes(const wire::JobMap& map, AgentId agent) {
  const wire::Routes routes(map);
  const arena::Sizes sizes = arena::sizes_for(routes, map.knobs);
  const std::size_t ranks = map.ranks_of(agent).size();
  const std::size_t neighbours = routes.neighbours(agent).size();
  const std::size_t near = wire::ring_neighbours(map, routes, agent).size();
  const std::size_t far = neighbours - near;
  const std::size_t links = ranks * 2 * arena::ring_bytes(sizes.link_ring_bytes);
  // The map, and the next hop to every rank.
  const std::size_t tables = sizeof(std::uint32_t) * (2 * map.ranks() + 2 * map.agents());
  const std::size_t windows = far * transport::network_peer_bytes(sizes, far);
  return tables + links + windows + arena::fabric_arena_bytes(near, sizes) +
         engine_arena_bytes(ranks + neighbours, sizes) + arena::counter_file_bytes(ranks);
}

std::uint64_t link_surplus_bytes(transport::LinkKind kind, const wire::JobMap& map,
                                 std::uint64_t round_trip_ns) {
  if (kind == transport::LinkKind::rings) return 0;
  const arena::Sizes sizes = arena::sizes_for(wire::Routes(map), map.knobs);
  const std::uint64_t counted = 2 * arena::ring_bytes(sizes.link_ring_bytes);
  const std::uint64_t taken = transport::network_link_bytes(sizes, round_trip_ns);
  return taken > counted ? taken - counted : 0;
}

Status JobBudget::take(std::uint64_t session, AgentId agent, const wire::JobMap& map,
                       std::uint64_t surplus_bytes) {
  const std::uint32_t ranks = ranks_of_node(map, agent);
  if (ranks > limits_.max_ranks) {
    return {ErrorCode::invalid_argument,
            "the job has too many ranks for this engine (" + std::to_string(ranks) +
                ", it serves at most " + std::to_string(limits_.max_ranks) +
                " of a job) start fewer on its host, or start the engine with a larger "
                "--max-ranks"};
  }
  const auto known = agents_.find({session, agent.value});
  const std::uint64_t agents_own = known == agents_.end() ? agent_memory_bytes(map, agent) : 0;
  const std::uint64_t bytes = agents_own + surplus_bytes;
  if (bytes > limits_.max_memory_bytes || used_bytes_ > limits_.max_memory_bytes - bytes) {
    return {ErrorCode::no_memory,
            "the job needs too much memory of this engine (" + mebibytes(bytes) + " beside " +
                mebibytes(used_bytes_) + " in use, it gives a job at most " +
                mebibytes(limits_.max_memory_bytes) +
                ") start fewer ranks on its host, or start the engine with a larger "
                "--max-memory"};
  }
  Account& account = agents_[{session, agent.value}];
  account.bytes += bytes;
  used_bytes_ += bytes;
  ++account.ranks;
  return {};
}

void JobBudget::take_back(std::uint64_t session, AgentId agent, std::uint64_t surplus_bytes) {
  const auto it = agents_.find({session, agent.value});
  if (it == agents_.end()) return;
  it->second.bytes -= surplus_bytes;
  used_bytes_ -= surplus_bytes;
  give_back(session, agent);
}

void JobBudget::give_back(std::uint64_t session, AgentId agent) {
  const auto it = agents_.find({session, agent.value});
  if (it == agents_.end() || --it->second.ranks != 0) return;
  used_bytes_ -= it->second.bytes;
  agents_.erase(it);
}

}  // namespace buddy::engine
