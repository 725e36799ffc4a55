// Counters of engines for people.
#pragma once

#include <string>
#include <vector>

#include "tools/inspect/counter_view.hpp"

namespace buddy::tools {

/// All counters of each engine since it was made.
std::string format_totals(const std::vector<CounterSample>& samples);

/// One line per engine: what it did per second between two looks. Engines that were not there
/// before are measured from their start.
std::string format_rates(const std::vector<CounterSample>& before,
                         const std::vector<CounterSample>& now);

}  // namespace buddy::tools
