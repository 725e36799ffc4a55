#include "tools/inspect/job_distance.hpp"

#include "base/affinity.hpp"
#include "measure/probes/core_distance.hpp"

namespace buddy::tools {

std::optional<double> measure_job_distance_ns(const launch::JobPlan& plan) {
  if (plan.on_hosts()) return std::nullopt;  // not of this machine, perhaps
  measure::CpuPair pair{plan.host_cpus.front(), plan.host_cpus.back()};
  if (!plan.engine_cpus.empty()) pair.second = plan.engine_cpus.front();
  const auto allowed = allowed_cpus();
  if (pair.first == pair.second && allowed.size() > 1) pair = {allowed[0], allowed[1]};
  return pair.first == pair.second ? std::nullopt : measure::measure_core_distance_ns(pair);
}

}  // namespace buddy::tools
