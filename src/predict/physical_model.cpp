#include "predict/physical_model.hpp"

#include <algorithm>

namespace buddy::predict {
namespace {

/// CPU time of a rank that no longer routes, seconds.
double rank_seconds(const RankWork& work, const Coefficients& with) {
  return work.application * with[Coefficient::application] +
         work.handlers * with[Coefficient::handlers] + work.buddy * with[Coefficient::buddy] +
         work.mpi;
}

/// Wall time for which the ranks' CPUs are busy: as evenly as may be if they share, else until
/// the last one is done.
double host_seconds(const HostRun& run, const Coefficients& with) {
  double all = 0;
  double longest = 0;
  for (const RankWork& rank : run.ranks) {
    const double seconds = rank_seconds(rank, with);
    all += seconds;
    longest = std::max(longest, seconds);
  }
  return std::max(longest, all / run.busy_cpus());
}

/// No engine makes a program more than a thousand times faster; so no prediction is of no time.
constexpr double least_part = 1e-3;

int engine_threads(const HostRun& run, const EngineDescription& engine) {
  return std::max(1, std::min(engine.cores, run.nodes * engine.workers));
}

double per_gb(double bytes, const std::optional<double>& gb_per_s) {
  return gb_per_s ? bytes / (*gb_per_s * 1e9) : 0.0;
}

Limit limit_of(const Prediction& made) {
  if (made.waiting_seconds > made.host_seconds &&
      made.waiting_seconds > made.engine_seconds + made.network_seconds) {
    return Limit::waiting;
  }
  if (made.host_seconds >= made.engine_seconds + made.network_seconds) return Limit::host;
  return made.engine_seconds >= made.network_seconds ? Limit::engine : Limit::network;
}

}  // namespace

Coefficients plain_coefficients() { return {{1, 1, 1, 1, 1, 0, 1, 0, 0, 0}}; }

Coefficients adapted(const Coefficients& coefficients, const MachineScale& scale) {
  Coefficients here = coefficients;
  for (const Coefficient each : {Coefficient::handlers, Coefficient::buddy, Coefficient::engine}) {
    double& factor = here.values[static_cast<std::size_t>(each)];
    if (factor > 1) factor = 1 + (factor - 1) * scale.ring;
  }
  here.values[static_cast<std::size_t>(Coefficient::ring_ns)] *= scale.ring;
  for (const Coefficient each : {Coefficient::barrier_us, Coefficient::partial_us}) {
    here.values[static_cast<std::size_t>(each)] *= scale.wake;
  }
  return here;
}

std::string_view to_string(Limit limit) {
  switch (limit) {
    case Limit::host: return "host";
    case Limit::engine: return "engine";
    case Limit::network: return "network";
    case Limit::waiting: break;
  }
  return "waiting";
}

Prediction predict(const HostRun& run, const EngineDescription& engine, const Coefficients& with) {
  const RankWork all = run.total();
  const int threads = engine_threads(run, engine);
  Prediction made;
  made.host_seconds = host_seconds(run, with);
  // Every byte goes to an engine and comes from one, and through those that forward it; a core
  // works, or memory moves, or the link.
  const double through_bytes = (2 + run.forwards) * run.block_bytes;
  // Its instructions run while the memory of other cores is waited for.
  const double routing_seconds = std::max(all.engine * with[Coefficient::engine],
                                          run.block_bytes * with[Coefficient::ring_ns] * 1e-9);
  made.engine_seconds = std::max(
      {routing_seconds / engine.speed / threads,
       per_gb(run.block_bytes, engine.link_gb_per_s) / run.nodes,
       per_gb(through_bytes * engine.dram_bytes_per_byte.value_or(0), engine.memory_gb_per_s) /
           run.nodes});
  made.network_seconds =
      std::max(all.network * with[Coefficient::network] / engine.network_speed / threads,
               per_gb(run.wire_bytes, engine.wire_gb_per_s) / run.nodes);
  const double engines = made.engine_seconds + made.network_seconds;
  // The shorter side hides behind the longer one, but for what somebody waits for.
  const double longer = std::max(made.host_seconds, engines);
  const double shorter = std::min(made.host_seconds, engines);
  // A barrier's waves cross the link twice in each direction.
  const double barrier_us = with[Coefficient::barrier_us] + 4 * engine.link_latency_us;
  // Who publishes a block that is not full has nothing else to do, and waits for an answer.
  const double partial_us = with[Coefficient::partial_us] + 2 * engine.link_latency_us;
  made.waiting_seconds =
      shorter * (1 - (1 - with[Coefficient::overlap]) * (1 - run.awaited())) +
      run.idle_seconds() * with[Coefficient::idle] + run.barriers * barrier_us * 1e-6 +
      run.partial_blocks / static_cast<double>(run.ranks.size()) * partial_us * 1e-6;
  made.seconds = std::max(longer + made.waiting_seconds, run.seconds * least_part);
  double left = 0;
  for (const RankWork& rank : run.ranks) left += rank_seconds(rank, with);
  made.cpu_seconds_freed = all.sum() - left;
  made.limit = limit_of(made);
  return made;
}

}  // namespace buddy::predict
