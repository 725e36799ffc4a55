#include "tools/report/job_cpu_use.hpp"

#include <algorithm>

namespace buddy::tools {

JobCpuUse operator+(const JobCpuUse& a, const JobCpuUse& b) {
  return {a.ranks + b.ranks, a.engines + b.engines};
}

JobCpuUse cpu_use_of(const JobTimes& times, const launch::JobLoad& load) {
  const double part = load.seconds > 0 ? std::min(1.0, times.seconds / load.seconds) : 1;
  const double engine_delay = times.engine_run_delay_seconds.value_or(0) * part;
  std::optional<double> delay = times.rank_run_delay_seconds;
  if (delay) *delay += engine_delay;
  const double lost = measure::lost_to_others(delay, load.others_cpu_seconds_in(times.seconds));
  const double engines_part = delay && *delay > 0 ? engine_delay / *delay : 0;
  return {.ranks = {times.rank_cpu_seconds, lost * (1 - engines_part)},
          .engines = {times.engine_cpu_seconds, lost * engines_part}};
}

std::optional<measure::Doubt> doubt_job(const JobCpuUse& use) {
  const bool engines = use.engines.share() < use.ranks.share();
  return measure::doubt_cpu(engines ? "the engines" : "the ranks",
                            engines ? use.engines : use.ranks, use.whole());
}

std::optional<double> engine_run_delay_seconds(const std::vector<launch::EngineUsage>& engines) {
  if (engines.empty()) return std::nullopt;
  double sum = 0;
  for (const launch::EngineUsage& engine : engines) {
    if (!engine.run_delay_seconds) return std::nullopt;
    sum += *engine.run_delay_seconds;
  }
  return sum;
}

measure::CpuUse stolen_use(const launch::JobLoad& load) {
  return {load.own_cpu_seconds, load.stolen_cpu_seconds.value_or(0)};
}

measure::CpuUse throttled_use(const launch::JobLoad& load) {
  return {load.own_cpu_seconds, load.throttled_cpu_seconds.value_or(0)};
}

measure::Doubts doubts_about(const RunQuality& runs) {
  measure::Doubts doubts;
  for (auto& doubt :
       {measure::doubt_length(runs.seconds), doubt_job(runs.cpu),
        measure::doubt_stolen(runs.stolen), measure::doubt_throttled(runs.throttled)}) {
    if (doubt) doubts.push_back(*doubt);
  }
  return doubts;
}

std::optional<double> utilization(double cpu_seconds, double available_seconds) {
  constexpr double most = 1.05;
  if (available_seconds <= 0 || cpu_seconds > most * available_seconds) return std::nullopt;
  return std::min(1.0, cpu_seconds / available_seconds);
}

}  // namespace buddy::tools
