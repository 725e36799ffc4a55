#include <algorithm>
#include <buddy/stats.hpp>

#include "comm/objects.hpp"

namespace buddy {
namespace {

/// Applies \p each to every counter that adds up.
template <class Each>
void for_each_sum(Each each) {
  each(&Stats::messages_sent);
  each(&Stats::messages_handled);
  each(&Stats::payload_bytes);
  each(&Stats::blocks_sent);
  each(&Stats::flushes_full);
  each(&Stats::flushes_poll);
  each(&Stats::flushes_idle);
  each(&Stats::stalls);
  each(&Stats::spilled_blocks);
  each(&Stats::wire_bytes);
  each(&Stats::routed_records);
  each(&Stats::engine_stalls);
  each(&Stats::rejected_frames);
  each(&Stats::host_cpu_seconds);
  each(&Stats::engine_cpu_seconds);
}

}  // namespace

Stats operator-(const Stats& later, const Stats& earlier) {
  Stats difference = later;
  for_each_sum([&](auto counter) { difference.*counter -= earlier.*counter; });
  difference.barriers -= earlier.barriers;
  return difference;
}

namespace detail {

Stats engine_counted_once(Stats stats, bool leads) {
  if (leads) return stats;
  stats.wire_bytes = 0;
  stats.routed_records = 0;
  stats.engine_stalls = 0;
  stats.rejected_frames = 0;
  stats.engine_cpu_seconds = 0;
  return stats;
}

Stats combine(const Stats& a, const Stats& b) {
  Stats sum = a;
  for_each_sum([&](auto counter) { sum.*counter += b.*counter; });
  sum.barriers = std::max(a.barriers, b.barriers);
  sum.spill_peak_bytes = std::max(a.spill_peak_bytes, b.spill_peak_bytes);
  return sum;
}

}  // namespace detail
}  // namespace buddy
