// Whether a benchmark allows a verdict, and its answer in one sentence.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/bench_summary.hpp"

namespace buddy::tools {

/// What speaks against the runs of one workload: who had not its CPUs, and runs that are too short.
/// CPU time is added up over all runs of a contender.
measure::Doubts doubts_about(const std::vector<Contender>& contenders,
                             const std::vector<Record>& records);

/// The answer to whether offloading pays, over all workloads; terminal and page show it.
std::string bench_answer(const std::vector<Summary>& summaries);

}  // namespace buddy::tools
