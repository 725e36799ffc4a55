// One run under observation.
#pragma once

#include <string>
#include <vector>

#include "launch/job.hpp"
#include "tools/profile/rank_profile.hpp"
#include "tools/report/job_cpu_use.hpp"

namespace buddy::tools {

/// Everything that one profiled run has told.
struct ProfiledJob {
  launch::JobPlan plan;
  std::vector<std::string> program;
  std::vector<RankProfile> ranks;
  std::vector<launch::EngineUsage> engines;
  launch::JobLoad load;

  /// Of the region of interest, the slowest rank's.
  double seconds() const;
  /// Sum over the ranks.
  double sum(std::string_view key) const;
  double sum_seconds(std::string_view key) const { return sum(key) * 1e-9; }
  /// Sum over the agents, each of which one rank speaks for.
  double sum_over_agents(std::string_view key) const;
  /// Run delay of all ranks in the region, seconds; nothing if one does not know it.
  std::optional<double> run_delay_seconds() const;
  /// What ranks and engines had of their CPUs in the region.
  JobCpuUse cpu_use() const;
  /// What speaks against the figures.
  measure::Doubts doubts() const;
};

/// Runs \p program with BUDDY_PROFILE_DIR in a directory of its own, which is gone afterwards.
/// Errors: system with the job's message if it fails; those of read_rank_profiles().
/// \param exit_code is set to the job's
/// Threads: as run_job().
Result<ProfiledJob> run_profiled(const launch::JobPlan& plan, const launch::Launcher& launcher,
                                 const std::vector<std::string>& program,
                                 const launch::Environment& more_environment,
                                 const launch::JobStreams& streams, int& exit_code);

}  // namespace buddy::tools
