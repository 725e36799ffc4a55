#include "tools/scale/scale_case.hpp"

#include <fmt/core.h>

#include <array>

#include "wire/routes.hpp"

namespace buddy::tools {
namespace {

/// Of skewed traffic: one rank in so many gets more than the others.
constexpr std::uint32_t ranks_for_a_hot_one = 10;

}  // namespace

const char* to_string(Traffic traffic) {
  switch (traffic) {
    case Traffic::histogram: return "histogram";
    case Traffic::skewed: return "skewed";
    case Traffic::neighbour: break;
  }
  return "neighbour";
}

wire::JobMap ScaleCase::map() const {
  wire::JobMap map;
  map.fabric = FabricKind::ucx;
  map.knobs = knobs;
  for (std::uint64_t agent = 0; agent < agents; ++agent) {
    map.node_of_agent.push_back(static_cast<std::uint32_t>(agent * nodes / agents));
  }
  map.machine_of_agent = map.node_of_agent;
  for (std::uint32_t rank = 0; rank < ranks(); ++rank) {
    map.agent_of_rank.push_back(rank / ranks_per_agent);
  }
  map.routing = wire::chosen_routing(routing, map);
  return map;
}

std::string ScaleCase::name() const {
  return fmt::format("{} agents, {}, {} messages, {}", agents, to_string(traffic), messages,
                     wire::to_string(routing));
}

std::uint32_t torus_side(std::uint32_t ranks) {
  std::uint32_t side = 1;
  while (std::uint64_t{side + 1} * (side + 1) * (side + 1) <= ranks) ++side;
  return side;
}

Destinations::Destinations(const ScaleCase& job, std::uint32_t rank)
    : traffic_(job.traffic),
      rank_(rank),
      ranks_(job.ranks()),
      side_(torus_side(job.ranks())),
      state_((job.seed << 32) + rank) {}

/// splitmix64: G. Steele, D. Lea and C. Flood, Fast splittable pseudorandom number generators,
/// 2014.
std::uint64_t Destinations::random() noexcept {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

std::uint32_t Destinations::below(std::uint32_t bound) noexcept {
  return static_cast<std::uint32_t>(((random() >> 32) * bound) >> 32);
}

std::uint32_t Destinations::next() noexcept {
  switch (traffic_) {
    case Traffic::histogram: return below(ranks_);
    case Traffic::skewed: {
      if (below(2) == 0) return below(ranks_);
      const std::uint32_t hot = (ranks_ + ranks_for_a_hot_one - 1) / ranks_for_a_hot_one;
      return below(hot) * ranks_for_a_hot_one;
    }
    case Traffic::neighbour: break;
  }
  const std::array<std::uint32_t, 3> steps = {1, side_, side_ * side_};
  const std::uint32_t which = below(6);
  const std::uint32_t step = steps[which % 3] % ranks_;
  return (rank_ + (which < 3 ? step : ranks_ - step)) % ranks_;
}

}  // namespace buddy::tools
