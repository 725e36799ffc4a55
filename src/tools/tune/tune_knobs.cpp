#include "tools/tune/tune_knobs.hpp"

#include <algorithm>

#include "arena/sizes.hpp"
#include "launch/plan_routes.hpp"

namespace buddy::tools {
namespace {

constexpr const char* given = "it was given";

TuneSetting usual_setting(const launch::JobPlan& plan) {
  const wire::Routes routes(launch::planned_map(plan));
  const arena::Sizes sizes = arena::sizes_for(routes, plan.knobs);
  return {.block_bytes = static_cast<std::uint32_t>(sizes.block_bytes),
          .ring_blocks = static_cast<std::uint32_t>(sizes.fabric_ring_bytes / sizes.block_bytes),
          .workers = plan.workers,
          .hold_us = plan.knobs.hold_us};
}

/// Ranks of the engine that has most.
int most_ranks(const launch::JobPlan& plan) { return (plan.ranks + plan.nodes - 1) / plan.nodes; }

std::string why_not_ring(const launch::JobOptions& options, const launch::JobPlan& plan) {
  if (options.ring_blocks) return given;
  if (plan.placement == launch::Place::host && plan.ranks == 1) {
    return "one rank that routes itself has nobody to share a ring with";
  }
  return "";
}

std::string why_not_workers(bool workers_given, const launch::JobPlan& plan) {
  if (workers_given) return given;
  if (plan.placement == launch::Place::host)
    return "in host placement there are no engine processes";
  if (most_ranks(plan) == 1) {
    return "each engine serves one rank, and a worker without ranks does nothing";
  }
  return "";
}

}  // namespace

bool TuneKnobs::turns_any() const {
  return std::any_of(knobs.begin(), knobs.end(),
                     [](const TuneKnob& knob) { return knob.why_not.empty(); });
}

TuneKnobs tune_knobs(const launch::JobOptions& options, bool workers_given,
                     const launch::JobPlan& plan) {
  TuneKnobs all;
  all.usual = usual_setting(plan);
  all.knobs = {{"--block", options.block_bytes ? given : ""},
               {"--ring", why_not_ring(options, plan)},
               {"--workers", why_not_workers(workers_given, plan)},
               {"--hold", options.hold_us ? given : ""}};
  const auto turned = [&](std::size_t i) { return all.knobs[i].why_not.empty(); };
  all.bounds = {.block = turned(0),
                .ring = turned(1),
                .hold = turned(3),
                .most_workers = turned(2) ? most_ranks(plan) : 0};
  return all;
}

}  // namespace buddy::tools
