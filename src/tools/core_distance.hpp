// How far apart two CPUs are, as a ring between them feels it.
#pragma once

#include <optional>

#include "tools/job_plan.hpp"

namespace buddy::tools {

/// Two CPUs of one machine.
struct CpuPair {
  int first = 0;
  int second = 1;
};

/// Round trip of a cache line between two CPUs, ns: the median of a few short series.
/// On virtual machines it changes within seconds, so figures are only comparable with it.
/// \return nothing if other work on these CPUs makes it take too long (0.5 s)
/// Threads: starts two and ends them; call it while the process has no other threads.
std::optional<double> measure_core_distance_ns(const CpuPair& cpus);

/// The same between where the ranks of a job run and where its engines do, or two of its ranks; if
/// that is one CPU, between the first two that are allowed.
std::optional<double> measure_job_distance_ns(const JobPlan& plan);

}  // namespace buddy::tools
