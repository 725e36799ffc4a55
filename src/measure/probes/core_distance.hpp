// How far apart two CPUs are, as a ring between them feels it.
#pragma once

#include <optional>

namespace buddy::measure {

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

}  // namespace buddy::measure
