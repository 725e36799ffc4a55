#include "comm/stats.hpp"

#include <algorithm>

#include "comm/stats_fields.hpp"

namespace buddy {
Stats operator-(const Stats& later, const Stats& earlier) {
  Stats difference = later;
  comm::for_each_sum([&](const char*, auto counter) { difference.*counter -= earlier.*counter; });
  difference.barriers -= earlier.barriers;
  return difference;
}

namespace detail {

Stats engine_counted_once(Stats stats, bool is_representative) {
  if (is_representative) return stats;
  stats.waves = 0;
  stats.wire_bytes = 0;
  stats.remote_payload_bytes = 0;
  stats.routed_records = 0;
  stats.engine_stalls = 0;
  stats.rejected_frames = 0;
  stats.engine_late_wakeups = 0;
  stats.engine_cpu_seconds = 0;
  stats.engine_spin_seconds = 0;
  return stats;
}

Stats combine(const Stats& a, const Stats& b) {
  Stats sum = a;
  comm::for_each_sum([&](const char*, auto counter) { sum.*counter += b.*counter; });
  sum.barriers = std::max(a.barriers, b.barriers);
  sum.overflow_peak_bytes = std::max(a.overflow_peak_bytes, b.overflow_peak_bytes);
  return sum;
}

}  // namespace detail
}  // namespace buddy
