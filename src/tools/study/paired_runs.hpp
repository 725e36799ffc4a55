// Places compared by the runs of a report that took turns.
#pragma once

#include <string>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// Every pair of places of one workload, as the summary of a benchmark has comparisons: the median
/// of the ratios of the runs of a turn. The interval is that of the least and the most ratio, which
/// hold the median of all turns with 1 - 2^(1-n) for n turns: at least 95 % from six turns on; of
/// fewer there is none. Source: the sign test; Conover, Practical Nonparametric Statistics, 1999.
/// \param results of a benchmark's report, which may hold anything
Json compare_pairs(const Json& results, const std::string& workload);

}  // namespace buddy::tools
