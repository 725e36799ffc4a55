#include "wire/routes.hpp"

#include <algorithm>

#include "wire/job_map.hpp"

namespace buddy::wire {
namespace {

/// Smallest number whose square is not below \p agents.
std::uint32_t side_of_grid(std::uint32_t agents) {
  std::uint32_t side = 1;
  while (std::uint64_t{side} * side < agents) ++side;
  return side;
}

/// First agents of \p groups groups whose sizes differ by one at most, and the number of agents.
std::vector<std::uint32_t> even_groups(std::uint32_t agents, std::uint32_t groups) {
  std::vector<std::uint32_t> first;
  for (std::uint64_t g = 0; g <= groups; ++g) {
    first.push_back(static_cast<std::uint32_t>(g * agents / groups));
  }
  return first;
}

std::vector<std::uint32_t> groups_of_nodes(std::span<const std::uint32_t> node_of_agent) {
  std::vector<std::uint32_t> first;
  for (std::uint32_t agent = 0; agent < node_of_agent.size(); ++agent) {
    if (node_of_agent[agent] == first.size()) first.push_back(agent);
  }
  first.push_back(static_cast<std::uint32_t>(node_of_agent.size()));
  return first;
}

std::vector<std::uint32_t> groups_for(Routing routing,
                                      std::span<const std::uint32_t> node_of_agent) {
  const auto agents = static_cast<std::uint32_t>(node_of_agent.size());
  switch (routing) {
    case Routing::grid: {
      const std::uint32_t side = side_of_grid(agents);
      return even_groups(agents, (agents + side - 1) / side);
    }
    case Routing::node: return groups_of_nodes(node_of_agent);
    case Routing::automatic:
    case Routing::direct: break;
  }
  return {0, agents};
}

/// Up to here an agent has few enough channels that `direct` is as fast, or nearly
/// (docs/design/routing.md).
constexpr std::uint32_t most_direct_by_itself = 64;

}  // namespace

std::optional<Routing> parse_routing(std::string_view name) {
  for (const Routing each : {Routing::automatic, Routing::direct, Routing::node, Routing::grid}) {
    if (name == to_string(each)) return each;
  }
  return std::nullopt;
}

std::string_view to_string(Routing routing) {
  switch (routing) {
    case Routing::automatic: return "auto";
    case Routing::direct: return "direct";
    case Routing::node: return "node";
    case Routing::grid: break;
  }
  return "grid";
}

Routes::Routes(const JobMap& map) : Routes(map.routing, map.node_of_agent) {}

Routes::Routes(Routing routing, std::span<const std::uint32_t> node_of_agent)
    : first_(groups_for(routing, node_of_agent)) {}

std::uint32_t Routes::group_of(AgentId agent) const {
  const auto after = std::upper_bound(first_.begin(), first_.end() - 1, agent.value);
  return static_cast<std::uint32_t>(after - first_.begin()) - 1;
}

std::uint32_t Routes::least_size() const {
  std::uint32_t least = agents();
  for (std::uint32_t g = 0; g < groups(); ++g) least = std::min(least, size_of(g));
  return least;
}

AgentId Routes::counterpart(std::uint32_t group, std::uint32_t index,
                            std::uint32_t in_group) const {
  const std::uint32_t size = size_of(in_group);
  return member(in_group, index < size ? index : (index + group) % size);
}

AgentId Routes::next_hop(AgentId from, AgentId to) const {
  const std::uint32_t group = group_of(from);
  const std::uint32_t other = group_of(to);
  return group == other ? to : counterpart(group, index_of(from), other);
}

std::vector<AgentId> Routes::neighbours(AgentId agent) const {
  const std::uint32_t own = group_of(agent);
  const std::uint32_t index = index_of(agent);
  std::vector<AgentId> all;
  for (std::uint32_t i = 0; i < size_of(own); ++i) {
    if (i != index) all.push_back(member(own, i));
  }
  for (std::uint32_t group = 0; group < groups(); ++group) {
    if (group == own) continue;
    all.push_back(counterpart(own, index, group));
    // Those without a namesake in this group.
    for (std::uint32_t i = size_of(own); i < size_of(group); ++i) {
      if (counterpart(group, i, own) == agent) all.push_back(member(group, i));
    }
  }
  return all;
}

std::uint32_t Routes::most_neighbours() const {
  std::uint32_t most = 0;
  std::vector<std::uint32_t> stands_in;
  for (std::uint32_t own = 0; own < groups(); ++own) {
    stands_in.assign(size_of(own), 0);
    for (std::uint32_t group = 0; group < groups(); ++group) {
      for (std::uint32_t i = size_of(own); i < size_of(group); ++i) {
        ++stands_in[counterpart(group, i, own).value - first_[own]];
      }
    }
    const std::uint32_t more = *std::max_element(stands_in.begin(), stands_in.end());
    most = std::max(most, size_of(own) - 1 + groups() - 1 + more);
  }
  return most;
}

std::vector<AgentId> ring_neighbours(const JobMap& map, const Routes& routes, AgentId agent) {
  std::vector<AgentId> near = routes.neighbours(agent);
  std::erase_if(near, [&](AgentId other) { return !map.share_memory(agent.value, other.value); });
  return near;
}

Routing chosen_routing(Routing asked, const JobMap& map) {
  const Routing fitting = map.agents() > most_direct_by_itself ? Routing::grid : Routing::direct;
  const Routing chosen = asked == Routing::automatic ? fitting : asked;
  return Routes(chosen, map.node_of_agent).forwards() ? chosen : Routing::direct;
}

}  // namespace buddy::wire
