#include "launch/plan_routes.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "arena/routing_choice.hpp"

namespace buddy::launch {
namespace {

/// Ranks are split into nodes as they do it themselves: rank r of s on node r * nodes / s.
void add_machine(wire::JobMap& map, const JobPlan& plan, int ranks) {
  const auto next = [](const std::vector<std::uint32_t>& numbers) {
    return numbers.empty() ? 0 : numbers.back() + 1;
  };
  const std::uint32_t machine = next(map.machine_of_agent);
  const auto first_on = [&](std::int64_t node) {
    return (ranks * node + plan.nodes - 1) / plan.nodes;
  };
  for (int node = 0; node < plan.nodes; ++node) {
    const auto local = static_cast<std::uint32_t>(first_on(node + 1) - first_on(node));
    const std::uint32_t agents = plan.placement == Place::host
                                     ? local
                                     : std::min(static_cast<std::uint32_t>(plan.workers), local);
    const std::uint32_t first = map.agents();
    map.node_of_agent.insert(map.node_of_agent.end(), agents, next(map.node_of_agent));
    map.machine_of_agent.insert(map.machine_of_agent.end(), agents, machine);
    for (std::uint32_t rank = 0; rank < local; ++rank) {
      map.agent_of_rank.push_back(first + rank % agents);
    }
  }
}

bool has_known_workers(const JobPlan& plan) { return plan.services.empty(); }

}  // namespace

Result<Routing> routing_of(const JobOptions& options) {
  if (options.routing) return *options.routing;
  const auto environment = arena::routing_from_environment();
  if (!environment.ok()) return environment.status();
  return environment.value().value_or(Routing::automatic);
}

wire::JobMap planned_map(const JobPlan& plan) {
  wire::JobMap map;
  map.fabric = plan.fabric == "ucx" ? FabricKind::ucx : FabricKind::shm;
  map.knobs = plan.knobs;
  if (!plan.on_hosts()) add_machine(map, plan, plan.ranks);
  for (const HostShare& host : plan.hosts) add_machine(map, plan, host.ranks);
  map.routing = wire::chosen_routing(plan.routing, map);
  return map;
}

std::string why_direct(const JobPlan& plan) {
  const bool asked = plan.routing == Routing::node || plan.routing == Routing::grid;
  if (!asked || !has_known_workers(plan)) return {};
  const wire::JobMap map = planned_map(plan);
  if (map.routing != Routing::direct) return {};
  std::string why = fmt::format("a grid of {} has one row", map.agents());
  if (plan.routing == Routing::node) {
    why = map.nodes() == 1 ? "there is one node" : "every node has one engine";
  }
  return fmt::format(
      "--routing {} is direct routing in placement {} ({}) leave it out, or start more {}",
      wire::to_string(plan.routing), to_string(plan.placement), why,
      plan.routing == Routing::node && map.nodes() == 1 ? "nodes" : "engines");
}

Routing routing_for_ranks(const JobPlan& plan) {
  return why_direct(plan).empty() ? plan.routing : Routing::direct;
}

Status check_routing(const JobPlan& plan) {
  const wire::JobMap map = planned_map(plan);
  if (map.routing != Routing::direct || map.agents() <= wire::most_direct_agents) return {};
  return {ErrorCode::invalid_argument,
          fmt::format("{} engines cannot all have channels to each other (at most {} can) use "
                      "--routing grid, or leave --routing out",
                      map.agents(), wire::most_direct_agents)};
}

}  // namespace buddy::launch
