#include "launch/job_knobs.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "arena/knobs.hpp"
#include "launch/plan_routes.hpp"

namespace buddy::launch {
namespace {

/// Of an engine on an emulated DPU, unless latency fills it. Figures: docs/study.md.
constexpr std::size_t slow_ring_bytes = std::size_t{256} << 10;
constexpr double most_latency_us = 10;

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{} MiB", (bytes + (1u << 20) - 1) >> 20);
}

/// Another way to start the same job.
struct Alternative {
  std::string option;
  std::uint64_t bytes = 0;  ///< of /dev/shm
};

/// Those that need less, the least first.
std::vector<Alternative> cheaper_ways(const JobPlan& plan) {
  JobPlan grid = plan;
  grid.routing = Routing::grid;
  JobPlan short_rings = plan;
  short_rings.knobs.ring_blocks = arena::least_ring_blocks;
  JobPlan engines = plan;
  engines.placement = Place::engine;
  std::vector<Alternative> all = {{"--routing grid", shared_memory_bytes(grid)},
                                  {"--placement engine", shared_memory_bytes(engines)}};
  if (arena::check_knobs(short_rings.knobs).ok()) {
    all.push_back(
        {fmt::format("--ring {}", arena::least_ring_blocks), shared_memory_bytes(short_rings)});
  }
  const std::uint64_t needed = shared_memory_bytes(plan);
  std::erase_if(all, [&](const Alternative& one) { return one.bytes >= needed; });
  std::sort(all.begin(), all.end(),
            [](const Alternative& a, const Alternative& b) { return a.bytes < b.bytes; });
  return all;
}

/// "--routing grid (1213 MiB), --ring 4 (2000 MiB)": what to do about rings that do not fit.
/// \param size_bytes of a /dev/shm that is large enough
std::string advice(const JobPlan& plan, std::uint64_t size_bytes) {
  std::vector<std::string> options;
  for (const Alternative& one : cheaper_ways(plan)) {
    options.push_back(fmt::format("{} ({})", one.option, mebibytes(one.bytes)));
  }
  if (plan.knobs.block_bytes > arena::least_block_bytes) options.push_back("a smaller --block");
  std::string text = fmt::format("enlarge /dev/shm (`mount -o remount,size={}G /dev/shm`), or ",
                                 (size_bytes >> 30) + 1);
  if (!options.empty()) text += fmt::format("use {}, or ", fmt::join(options, ", "));
  return text + "start fewer ranks";
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

void shorten_rings_of_slow_engines(JobPlan& plan) {
  if (!plan.dpu || plan.on_hosts() || plan.knobs.ring_blocks != 0) return;
  if (plan.dpu->slowdown <= 1 || plan.dpu->latency_us > most_latency_us) return;
  const arena::Sizes sizes = arena::sizes_for(wire::Routes(planned_map(plan)), plan.knobs);
  const std::size_t blocks = slow_ring_bytes / sizes.block_bytes;
  if (sizes.fabric_ring_bytes <= slow_ring_bytes || blocks < arena::least_ring_blocks) return;
  plan.knobs.ring_blocks = static_cast<std::uint32_t>(blocks);
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

std::uint64_t shared_memory_bytes(const JobPlan& plan) {
  const wire::JobMap map = planned_map(plan);
  const wire::Routes routes(map);
  const arena::Sizes sizes = arena::sizes_for(routes, plan.knobs);
  const std::uint64_t ranks = map.ranks();
  std::uint64_t bytes =
      plan.placement == Place::host ? 0 : 2 * ranks * arena::ring_bytes(sizes.link_ring_bytes);
  std::uint64_t hops = ranks;
  for (std::uint32_t agent = 0; agent < map.agents(); ++agent) {
    bytes += arena::fabric_arena_bytes(wire::ring_neighbours(map, routes, {agent}).size(), sizes);
    hops += routes.neighbours({agent}).size();
  }
  return bytes + hops * arena::open_block_bytes(sizes);
}

Status check_shared_memory(const JobPlan& plan) {
  if (plan.on_hosts() || !plan.services.empty()) return {};
  struct statvfs space {};
  if (::statvfs("/dev/shm", &space) != 0) return {};
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  const std::uint64_t used = std::uint64_t{space.f_blocks} * space.f_frsize - free;
  const std::uint64_t needed = shared_memory_bytes(plan);
  if (needed <= free) return {};
  const arena::Sizes sizes = arena::sizes_for(wire::Routes(planned_map(plan)), plan.knobs);
  return {ErrorCode::invalid_argument,
          fmt::format("blocks of {} bytes in rings of {} take too much memory (the job needs {} of "
                      "/dev/shm, {} are free) {}",
                      sizes.block_bytes, sizes.fabric_ring_bytes / sizes.block_bytes,
                      mebibytes(needed), mebibytes(free), advice(plan, used + needed))};
}

}  // namespace buddy::launch
