#include "comm/observe/stats.hpp"

#include <algorithm>

#include "instrument/stats_fields.hpp"

namespace buddy {
Stats operator-(const Stats& later, const Stats& earlier) {
  Stats difference = later;
  for_each_sum([&](const char*, auto counter) { difference.*counter -= earlier.*counter; });
  difference.barriers -= earlier.barriers;
  return difference;
}

namespace detail {

Stats engine_counted_once(Stats stats, bool is_representative) {
  if (is_representative) return stats;
  for_each_engine_sum([&](const char*, auto counter) { stats.*counter = 0; });
  return stats;
}

Stats combine(const Stats& a, const Stats& b) {
  Stats sum = a;
  for_each_sum([&](const char*, auto counter) { sum.*counter += b.*counter; });
  sum.barriers = std::max(a.barriers, b.barriers);
  sum.overflow_peak_bytes = std::max(a.overflow_peak_bytes, b.overflow_peak_bytes);
  return sum;
}

}  // namespace detail
}  // namespace buddy
