#include "wire/job_map.hpp"

#include <algorithm>

#include "wire/routes.hpp"

namespace buddy::wire {

std::uint32_t JobMap::nodes() const {
  const auto last = std::max_element(node_of_agent.begin(), node_of_agent.end());
  return last == node_of_agent.end() ? 0 : *last + 1;
}

std::vector<RankId> JobMap::ranks_of(AgentId agent) const {
  std::vector<RankId> ranks_here;
  for (std::uint32_t rank = 0; rank < ranks(); ++rank) {
    if (agent_of_rank[rank] == agent.value) ranks_here.push_back({rank});
  }
  return ranks_here;
}

std::vector<RankId> JobMap::representatives() const {
  std::vector<RankId> speakers(agents());
  for (std::uint32_t rank = ranks(); rank-- > 0;) speakers[agent_of_rank[rank]] = {rank};
  return speakers;
}

namespace {

/// From 0, without gaps.
bool ascends(const std::vector<std::uint32_t>& numbers) {
  std::uint32_t next = 0;
  for (const std::uint32_t number : numbers) {
    if (number != next && number + 1 != next) return false;
    next = number + 1;
  }
  return true;
}

bool can_route(const JobMap& map) {
  switch (map.routing) {
    case Routing::direct: return map.agents() <= most_direct_agents;
    case Routing::node: return ascends(map.node_of_agent);
    case Routing::grid: return true;
    case Routing::automatic: break;
  }
  return false;
}

}  // namespace

bool JobMap::consistent(std::size_t max_ranks) const {
  const auto known = [this](std::uint32_t agent) { return agent < agents(); };
  return !agent_of_rank.empty() && agent_of_rank.size() <= max_ranks &&
         node_of_agent.size() <= agent_of_rank.size() + max_ranks &&
         machine_of_agent.size() == node_of_agent.size() &&
         (fabric == FabricKind::shm || fabric == FabricKind::ucx) && can_route(*this) &&
         std::all_of(agent_of_rank.begin(), agent_of_rank.end(), known);
}

}  // namespace buddy::wire
