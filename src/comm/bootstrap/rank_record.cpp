#include "comm/bootstrap/rank_record.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace buddy::comm {
namespace {

/// A node while its ranks are given to agents.
struct Node {
  std::uint32_t ranks = 0;
  std::uint32_t agents = 0;
  std::uint32_t first_agent = 0;
  std::uint32_t given = 0;  ///< ranks that have an agent
};

/// \param node_of_rank gets the number of each rank's node
std::vector<Node> count_nodes(std::span<const RankRecord> ranks,
                              std::vector<std::uint32_t>& node_of_rank) {
  std::vector<Node> nodes;
  node_of_rank.resize(ranks.size());
  for (std::uint32_t rank = 0; rank < ranks.size(); ++rank) {
    const std::uint32_t first = ranks[rank].first_on_node;
    if (first == rank) {
      node_of_rank[rank] = static_cast<std::uint32_t>(nodes.size());
      nodes.emplace_back();
    } else {
      node_of_rank[rank] = node_of_rank[first];
    }
    ++nodes[node_of_rank[rank]].ranks;
  }
  return nodes;
}

}  // namespace

wire::JobMap map_of(std::span<const RankRecord> ranks, Placement placement) {
  wire::JobMap map;
  std::vector<std::uint32_t> node_of_rank;
  std::vector<Node> nodes = count_nodes(ranks, node_of_rank);
  std::unordered_map<std::uint64_t, std::uint32_t> machines;
  map.agent_of_rank.resize(ranks.size());
  for (std::uint32_t rank = 0; rank < ranks.size(); ++rank) {
    const RankRecord& record = ranks[rank];
    if (record.first_on_node != rank) continue;
    const std::uint32_t number = node_of_rank[rank];
    Node& node = nodes[number];
    const std::uint32_t workers = std::max(record.workers, 1u);
    node.agents = placement == Placement::host ? node.ranks : std::min(workers, node.ranks);
    node.first_agent = map.agents();
    const auto machine =
        machines.try_emplace(record.agents_machine, static_cast<std::uint32_t>(machines.size()));
    map.node_of_agent.insert(map.node_of_agent.end(), node.agents, number);
    map.machine_of_agent.insert(map.machine_of_agent.end(), node.agents, machine.first->second);
  }
  for (std::uint32_t rank = 0; rank < ranks.size(); ++rank) {
    Node& node = nodes[node_of_rank[rank]];
    map.agent_of_rank[rank] = node.first_agent + node.given++ % node.agents;
  }
  return map;
}

}  // namespace buddy::comm
