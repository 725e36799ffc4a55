// How much of its CPUs a job had for itself.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/cpu_load.hpp"
#include "launch/job_plan.hpp"

namespace buddy::launch {

/// For a while, sums over the CPUs of a job: all that its plan gives to ranks and engines.
struct JobLoad {
  double seconds = 0;          ///< how long it was, wall time
  double own_cpu_seconds = 0;  ///< CPU time of this process and of those that it started
  /// Time in which these CPUs ran processes that are not the job's. What the kernel does for
  /// everybody is in it, interrupts are not. The kernel looks at a CPU once in some milliseconds:
  /// what may be chance is left out. Nothing if the kernel does not tell.
  std::optional<double> others_cpu_seconds{};
  /// Time in which they wanted to run, but the machine below this virtual one ran others.
  std::optional<double> stolen_cpu_seconds{};
  /// Time in which processes of this control group wanted to run, but had used up its quota.
  std::optional<double> throttled_cpu_seconds{};

  /// Others' CPU time in a part of that while: they are taken to have been as busy in all of it.
  std::optional<double> others_cpu_seconds_in(double part_seconds) const;
};

/// Begins to measure when it is made.
class LoadMeter {
 public:
  explicit LoadMeter(const JobPlan& plan);
  explicit LoadMeter(std::vector<int> cpus);

  /// What has happened until now. Processes count when they have ended and were waited for.
  JobLoad read() const;

 private:
  std::uint64_t begun_ns_;
  std::vector<int> cpus_;
  std::optional<CpuLoad> all_before_;
  std::optional<double> throttled_before_;
  double own_before_;
};

}  // namespace buddy::launch
