#include "wire/job_map.hpp"

#include <algorithm>

namespace buddy::wire {

std::uint32_t JobMap::nodes() const {
  const auto last = std::max_element(node_of_agent.begin(), node_of_agent.end());
  return last == node_of_agent.end() ? 0 : *last + 1;
}

std::vector<AgentId> JobMap::memory_group(AgentId agent) const {
  std::vector<AgentId> group;
  for (std::uint32_t other = 0; other < agents(); ++other) {
    if (share_memory(agent.value, other)) group.push_back({other});
  }
  return group;
}

std::vector<RankId> JobMap::ranks_of(AgentId agent) const {
  std::vector<RankId> ranks_here;
  for (std::uint32_t rank = 0; rank < ranks(); ++rank) {
    if (agent_of_rank[rank] == agent.value) ranks_here.push_back({rank});
  }
  return ranks_here;
}

bool JobMap::consistent(std::size_t max_ranks) const {
  const auto known = [this](std::uint32_t agent) { return agent < agents(); };
  return !agent_of_rank.empty() && agent_of_rank.size() <= max_ranks &&
         node_of_agent.size() <= agent_of_rank.size() + max_ranks &&
         machine_of_agent.size() == node_of_agent.size() &&
         (fabric == FabricKind::shm || fabric == FabricKind::ucx) &&
         std::all_of(agent_of_rank.begin(), agent_of_rank.end(), known);
}

}  // namespace buddy::wire
