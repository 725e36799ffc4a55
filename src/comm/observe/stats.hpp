// Sums of statistics.
#pragma once

#include <buddy/stats.hpp>

namespace buddy::detail {

/// Stats of a rank for summing: without the engine's figures unless the rank speaks for it.
Stats engine_counted_once(Stats stats, bool is_representative);
/// Sums, and maxima where a sum means nothing.
Stats combine(const Stats& a, const Stats& b);

}  // namespace buddy::detail
