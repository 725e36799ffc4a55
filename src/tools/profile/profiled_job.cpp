#include "tools/profile/profiled_job.hpp"

#include <algorithm>
#include <utility>

#include "arena/job_dir.hpp"
#include "launch/process/signal_gate.hpp"

namespace buddy::tools {

double ProfiledJob::seconds() const {
  double slowest = 0;
  for (const RankProfile& rank : ranks) slowest = std::max(slowest, rank.seconds("wall_ns"));
  return slowest;
}

double ProfiledJob::sum(std::string_view key) const {
  double all = 0;
  for (const RankProfile& rank : ranks) all += rank[key];
  return all;
}

double ProfiledJob::sum_over_agents(std::string_view key) const {
  double all = 0;
  for (const RankProfile& rank : ranks) all += rank["is_representative"] != 0 ? rank[key] : 0;
  return all;
}

std::optional<double> ProfiledJob::run_delay_seconds() const {
  double sum = 0;
  for (const RankProfile& rank : ranks) {
    const auto delay_ns = rank.find("run_delay_ns");
    if (!delay_ns) return std::nullopt;
    sum += *delay_ns * 1e-9;
  }
  return sum;
}

JobCpuUse ProfiledJob::cpu_use() const {
  const bool has_engines = plan.engines() > 0;
  return cpu_use_of(
      {.seconds = seconds(),
       .rank_cpu_seconds = sum_seconds("user_ns") + sum_seconds("system_ns"),
       .rank_run_delay_seconds = run_delay_seconds(),
       .engine_cpu_seconds = has_engines ? sum_over_agents("counter.cpu_ns") * 1e-9 : 0,
       .engine_run_delay_seconds = engine_run_delay_seconds(engines)},
      load);
}

measure::Doubts ProfiledJob::doubts() const {
  return doubts_about({.seconds = seconds(),
                       .cpu = cpu_use(),
                       .stolen = stolen_use(load),
                       .throttled = throttled_use(load)});
}

Result<ProfiledJob> run_profiled(const launch::JobPlan& plan, const launch::Launcher& launcher,
                                 const std::vector<std::string>& program,
                                 const launch::Environment& more_environment,
                                 const launch::JobStreams& streams, int& exit_code) {
  const launch::SignalGate gate;  // a signal must not leave the folder behind
  const auto folder = arena::JobDir::create();
  if (!folder.ok()) {
    exit_code = 1;
    return folder.status();
  }
  launch::Environment environment = more_environment;
  environment.emplace_back("BUDDY_PROFILE_DIR", folder.value().path());
  launch::JobOutcome outcome = launch::run_job(plan, launcher, program, environment, streams);
  exit_code = outcome.exit_code;
  if (outcome.exit_code != 0) return Status(ErrorCode::system, outcome.message);
  auto ranks = read_rank_profiles(folder.value().path());
  if (!ranks.ok()) {
    exit_code = 1;
    return ranks.status();
  }
  return ProfiledJob{.plan = plan,
                     .program = program,
                     .ranks = std::move(ranks.value()),
                     .engines = std::move(outcome.engines),
                     .load = outcome.load};
}

}  // namespace buddy::tools
