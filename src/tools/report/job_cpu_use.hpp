// What ranks and engines of a job had of their CPUs.
#pragma once

#include <optional>
#include <vector>

#include "launch/job.hpp"
#include "measure/verdict.hpp"

namespace buddy::tools {

/// What was measured of a job's timed region. Run delays are missing if the kernel does not tell.
struct JobTimes {
  double seconds = 0;  ///< wall time
  double rank_cpu_seconds = 0;
  std::optional<double> rank_run_delay_seconds{};
  double engine_cpu_seconds = 0;                     ///< 0 without engine processes
  std::optional<double> engine_run_delay_seconds{};  ///< in their whole life
};

struct JobCpuUse {
  measure::CpuUse ranks;
  measure::CpuUse engines;

  measure::CpuUse whole() const { return ranks + engines; }
};

JobCpuUse operator+(const JobCpuUse& a, const JobCpuUse& b);

/// What the job lost is split among ranks and engines as they waited.
JobCpuUse cpu_use_of(const JobTimes& times, const launch::JobLoad& load);

/// Doubts a job that lost too much as a whole: an engine that hardly works may wait for ranks of
/// its own job for longer than it works. Names whoever got less of what it asked for.
std::optional<measure::Doubt> doubt_job(const JobCpuUse& use);

/// Run delay of all engine processes, seconds; nothing without them, or if the kernel does not
/// tell.
std::optional<double> engine_run_delay_seconds(const std::vector<launch::EngineUsage>& engines);

/// Of all processes of the job; what is lost was stolen.
measure::CpuUse stolen_use(const launch::JobLoad& load);
/// Of all processes of the job; what is lost was above a quota.
measure::CpuUse throttled_use(const launch::JobLoad& load);

/// What is known about runs.
struct RunQuality {
  double seconds = 0;  ///< of a typical run
  JobCpuUse cpu;
  measure::CpuUse stolen;
  measure::CpuUse throttled;
};
/// All doubts about runs. First what explains the others: in a short run a moment of other work is
/// a large share.
measure::Doubts doubts_about(const RunQuality& runs);

/// CPU time as a part of what there was, at most 1. Nothing where it is clearly more: in runs of
/// microseconds the CPU time and the length are not read at the same moment.
std::optional<double> utilization(double cpu_seconds, double available_seconds);

}  // namespace buddy::tools
