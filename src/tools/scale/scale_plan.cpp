#include "tools/scale/scale_plan.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "arena/sizes.hpp"
#include "launch/job_knobs.hpp"

namespace buddy::tools {
namespace {

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

Status check_sizes(const ScaleOptions& options) {
  for (const std::uint64_t agents : options.agents) {
    const std::uint64_t ranks = agents * static_cast<std::uint64_t>(options.ranks_per_agent);
    if (ranks > arena::max_ranks) {
      return invalid(
          fmt::format("{} agents with {} rank(s) each are {} ranks (a job has at most {}) "
                      "simulate fewer",
                      agents, options.ranks_per_agent, ranks, arena::max_ranks));
    }
    if (options.nodes && static_cast<std::uint64_t>(*options.nodes) > agents) {
      return invalid(
          fmt::format("--nodes {} is more than {} agents (each is on one node) name fewer "
                      "nodes, or more agents",
                      *options.nodes, agents));
    }
  }
  return {};
}

/// The job with all but its traffic and routing.
ScaleCase base_of(const ScaleOptions& options, const wire::Knobs& knobs, std::uint64_t agents) {
  ScaleCase job;
  job.agents = static_cast<std::uint32_t>(agents);
  job.ranks_per_agent = static_cast<std::uint32_t>(options.ranks_per_agent);
  job.nodes = options.nodes ? static_cast<std::uint32_t>(*options.nodes) : job.agents;
  job.payload_bytes = static_cast<std::uint32_t>(options.payload_bytes);
  job.seed = static_cast<std::uint64_t>(options.seed);
  job.knobs = knobs;
  job.model = options.model;
  return job;
}

/// Those that differ for this job, as what they come to.
std::vector<Routing> distinct_routings(const ScaleOptions& options, ScaleCase job) {
  std::vector<Routing> distinct;
  for (const Routing asked : options.routings) {
    job.routing = asked;
    const Routing routing = job.map().routing;
    if (std::find(distinct.begin(), distinct.end(), routing) == distinct.end()) {
      distinct.push_back(routing);
    }
  }
  return distinct;
}

}  // namespace

Result<std::vector<ScaleCase>> plan_scale(const ScaleOptions& options) {
  if (Status status = check_sizes(options); !status.ok()) return status;
  const auto knobs = launch::knobs_of(options.knobs);
  if (!knobs.ok()) return knobs.status();
  std::vector<ScaleCase> jobs;
  for (const std::uint64_t agents : options.agents) {
    ScaleCase job = base_of(options, knobs.value(), agents);
    const std::vector<Routing> routings = distinct_routings(options, job);
    for (const Traffic traffic : options.traffics) {
      for (const std::uint64_t messages : options.messages) {
        for (const Routing routing : routings) {
          job.traffic = traffic;
          job.messages = messages;
          job.routing = routing;
          jobs.push_back(job);
        }
      }
    }
  }
  return jobs;
}

}  // namespace buddy::tools
