// The counters of running engines, seen from outside.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <vector>

#include "base/counters.hpp"
#include "wire/roll_call.hpp"

namespace buddy::tools {

/// One engine's counters at one moment.
struct CounterSample {
  pid_t pid = 0;
  std::uint32_t agent = 0;
  std::uint32_t node = 0;
  bool embedded = false;  ///< stepped by a rank (host placement)
  std::uint32_t ranks = 0;
  std::uint32_t local_ranks = 0;
  std::uint64_t up_ns = 0;  ///< since it was made
  std::array<std::uint64_t, counter_count> values{};
  std::vector<wire::RankPlace> places{};  ///< what its ranks do

  std::uint64_t value(Counter counter) const { return values[static_cast<std::size_t>(counter)]; }
};

/// Samples all engines of this user on this machine (everybody's for root), by process and agent.
/// Their counter pages have no names any more once a job runs, so they are found among the open
/// files of processes. What is not a page of this version is passed over.
std::vector<CounterSample> sample_engines();

}  // namespace buddy::tools
