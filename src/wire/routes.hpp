// Next hops between the agents of a job.
#pragma once

#include <buddy/comm_options.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace buddy::wire {

struct JobMap;

/// \return nothing for a name that none has
std::optional<Routing> parse_routing(std::string_view name);
std::string_view to_string(Routing routing);

/// Which channels there are between agents, and which of them a message takes: the only place that
/// decides it.
///
/// Agents stand in groups of consecutive numbers. Inside its group every agent has a channel to
/// every other one; in each other group it has one to its counterpart, the agent with the same
/// index there, which forwards what is for the others. So a message takes one hop inside a group,
/// and one or two, across and then along, to another one. `direct` is one group of all agents,
/// `node` a group for each node, `grid` about sqrt(N) groups of about sqrt(N) agents, whose sizes
/// differ by one at most.
///
/// Where groups differ in size an agent may have no namesake in a smaller one. Its counterpart is
/// then one of the others, another one for each group, so that nobody stands in for all.
///
/// Invariants: a pair of agents has one path, of two channels at most; channels join both ways;
/// a channel across groups is only the first of a path, one along a group the last, unless there
/// is only one (so that full channels cannot wait for each other: docs/design/routing.md).
/// Cost: 4 bytes a group. Threads: any number.
class Routes {
 public:
  /// \pre the map is consistent, and its routing is chosen
  explicit Routes(const JobMap& map);
  /// \param node_of_agent ascending from 0 without gaps, if the routing is `node`
  Routes(Routing routing, std::span<const std::uint32_t> node_of_agent);

  std::uint32_t agents() const noexcept { return first_.back(); }
  std::uint32_t groups() const noexcept { return static_cast<std::uint32_t>(first_.size() - 1); }
  std::uint32_t group_of(AgentId agent) const;
  std::uint32_t size_of(std::uint32_t group) const { return first_[group + 1] - first_[group]; }
  std::uint32_t least_size() const;
  /// Of an agent in its group.
  std::uint32_t index_of(AgentId agent) const { return agent.value - first_[group_of(agent)]; }
  AgentId member(std::uint32_t group, std::uint32_t index) const { return {first_[group] + index}; }

  /// Whether some messages take two hops.
  bool forwards() const noexcept { return groups() > 1 && groups() < agents(); }
  /// Where \p from sends what is for \p to. \pre they differ
  AgentId next_hop(AgentId from, AgentId to) const;
  /// Whether a channel stays inside a group. \pre \p a and \p b are neighbours
  bool along(AgentId a, AgentId b) const { return group_of(a) == group_of(b); }
  /// Agents that \p agent has a channel to: first those of its group, then the others, each
  /// ascending.
  std::vector<AgentId> neighbours(AgentId agent) const;
  /// Of the agent that has most neighbours.
  std::uint32_t most_neighbours() const;

 private:
  AgentId counterpart(std::uint32_t group, std::uint32_t index, std::uint32_t in_group) const;

  std::vector<std::uint32_t> first_;  ///< agent of each group; one entry more: the agents
};

/// Those of them that it shares memory with, in the same order.
std::vector<AgentId> ring_neighbours(const JobMap& map, const Routes& routes, AgentId agent);

/// How many agents `direct` may have: more channels take too much memory for each of them.
inline constexpr std::uint32_t most_direct_agents = 4096;

/// What `automatic` means for a job, figures in docs/design/routing.md; any other routing is its
/// own answer, or `direct` where it would be the same.
Routing chosen_routing(Routing asked, const JobMap& map);

}  // namespace buddy::wire
