#include "launch/job_knobs.hpp"

#include <fmt/core.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <utility>

#include "arena/knobs.hpp"

namespace buddy::launch {
namespace {

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{} MiB", (bytes + (1u << 20) - 1) >> 20);
}

/// \param ranks of a node
std::size_t agents_of_node(Place place, int ranks, int workers) {
  return static_cast<std::size_t>(place == Place::host ? ranks : std::min(workers, ranks));
}

}  // namespace

Result<wire::Knobs> knobs_of(const JobOptions& options) {
  // Among knobs 0 means that none was chosen.
  for (const auto& [name, value] :
       {std::pair("--block", options.block_bytes), std::pair("--ring", options.ring_blocks)}) {
    if (!value || *value > 0) continue;
    return Status(ErrorCode::invalid_argument,
                  fmt::format("{}: 0 is not possible (a ring holds blocks, and a block messages) "
                              "leave it out for Buddy's own choice",
                              name));
  }
  const auto environment = arena::knobs_from_environment();
  if (!environment.ok()) return environment.status();
  wire::Knobs knobs = environment.value();
  if (options.block_bytes) knobs.block_bytes = *options.block_bytes;
  if (options.ring_blocks) knobs.ring_blocks = *options.ring_blocks;
  if (options.hold_us) knobs.hold_us = *options.hold_us;
  const Status sane = arena::check_knobs(knobs);
  if (!sane.ok()) return sane;
  return knobs;
}

void add_knobs(Environment& environment, const wire::Knobs& knobs) {
  const auto add = [&](const char* name, std::uint32_t value) {
    // Also those that are Buddy's choice: what the user's shell says has been read already.
    environment.emplace_back(name, value == 0 ? std::string() : fmt::format("{}", value));
  };
  add(arena::block_variable, knobs.block_bytes);
  add(arena::ring_variable, knobs.ring_blocks);
  add(arena::hold_variable, knobs.hold_us);
}

std::size_t agents_of(Place place, int ranks, int nodes, int workers) {
  std::size_t agents = 0;
  for (int node = 0; node < nodes; ++node) {
    const int begin = (ranks * node + nodes - 1) / nodes;
    const int end = (ranks * (node + 1) + nodes - 1) / nodes;
    agents += agents_of_node(place, end - begin, workers);
  }
  return agents;
}

std::uint64_t shared_memory_bytes(const JobPlan& plan) {
  const std::size_t agents = agents_of(plan.placement, plan.ranks, plan.nodes, plan.workers);
  const arena::Sizes sizes = arena::sizes_for(agents, plan.knobs);
  // Nodes that the network joins share no rings.
  const std::size_t groups = plan.fabric == "shm" ? 1 : static_cast<std::size_t>(plan.nodes);
  const std::size_t group = (agents + groups - 1) / groups;
  const auto ranks = static_cast<std::size_t>(plan.ranks);
  const std::size_t links =
      plan.placement == Place::host ? 0 : 2 * ranks * arena::ring_bytes(sizes.link_ring_bytes);
  const std::size_t hops = ranks + agents * (agents - 1);
  return agents * arena::fabric_arena_bytes(group, sizes) + links +
         hops * arena::open_block_bytes(sizes);
}

Status check_shared_memory(const JobPlan& plan) {
  if (plan.knobs == wire::Knobs{} || plan.on_hosts() || !plan.services.empty()) return {};
  struct statvfs space {};
  if (::statvfs("/dev/shm", &space) != 0) return {};
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  const std::uint64_t needed = shared_memory_bytes(plan);
  if (needed <= free) return {};
  const arena::Sizes sizes =
      arena::sizes_for(agents_of(plan.placement, plan.ranks, plan.nodes, plan.workers), plan.knobs);
  return {ErrorCode::invalid_argument,
          fmt::format("blocks of {} bytes in rings of {} take too much memory (the job needs {} of "
                      "/dev/shm, {} are free) choose a smaller --block or --ring, or start fewer "
                      "ranks",
                      sizes.block_bytes, sizes.fabric_ring_bytes / sizes.block_bytes,
                      mebibytes(needed), mebibytes(free))};
}

}  // namespace buddy::launch
