// Who is where: the ranks, agents, nodes and machines of a job.
#pragma once

#include <buddy/comm_options.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "wire/knobs.hpp"

namespace buddy::wire {

/// The only map of a job, with the sizes of what joins its parts: agreed on by all ranks when a
/// communicator is made, told to the engine processes, and what an engine routes by. Invariants:
/// nodes are numbered from 0, and an agent's ranks are on its node; every entry of agent_of_rank is
/// below node_of_agent.size(); machine_of_agent has the same size as node_of_agent; where nodes are
/// routed between, their agents have consecutive numbers.
struct JobMap {
  FabricKind fabric = FabricKind::shm;
  std::vector<std::uint32_t> agent_of_rank;
  std::vector<std::uint32_t> node_of_agent;
  std::vector<std::uint32_t> machine_of_agent;
  Knobs knobs{};
  Routing routing = Routing::direct;  ///< not automatic

  std::uint32_t ranks() const noexcept { return static_cast<std::uint32_t>(agent_of_rank.size()); }
  std::uint32_t agents() const noexcept { return static_cast<std::uint32_t>(node_of_agent.size()); }

  std::uint32_t nodes() const;
  /// What carries messages between nodes: between machines it is never shared memory.
  FabricKind carrier() const {
    for (const std::uint32_t machine : machine_of_agent) {
      if (machine != machine_of_agent[0]) return FabricKind::ucx;
    }
    return fabric;
  }

  AgentId agent_of(RankId rank) const { return {agent_of_rank[rank.value]}; }
  NodeId node_of(AgentId agent) const { return {node_of_agent[agent.value]}; }
  NodeId node_of(RankId rank) const { return node_of(agent_of(rank)); }

  /// Whether rings in shared memory join two agents; else the network does.
  bool share_memory(std::uint32_t a, std::uint32_t b) const {
    return machine_of_agent[a] == machine_of_agent[b] &&
           (fabric == FabricKind::shm || node_of_agent[a] == node_of_agent[b]);
  }

  /// Ascending: the order of their links, of which the first speaks for the agent.
  std::vector<RankId> ranks_of(AgentId agent) const;
  bool is_representative(RankId rank) const { return ranks_of(agent_of(rank)).front() == rank; }
  /// The rank that speaks for each agent, by agent. \pre each has one
  std::vector<RankId> representatives() const;

  /// True if all indices are in range, with at most \p max_ranks ranks.
  bool consistent(std::size_t max_ranks) const;

  friend bool operator==(const JobMap&, const JobMap&) = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(fabric, agent_of_rank, node_of_agent, machine_of_agent, knobs, routing);
  }
};

}  // namespace buddy::wire
