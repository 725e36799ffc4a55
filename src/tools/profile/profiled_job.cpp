#include "tools/profile/profiled_job.hpp"

#include <algorithm>

#include "arena/job_dir.hpp"
#include "launch/signal_gate.hpp"

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
                     .engines = std::move(outcome.engines)};
}

}  // namespace buddy::tools
