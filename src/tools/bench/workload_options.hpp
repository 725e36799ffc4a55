// Whether workloads take the options that they would be started with: they are asked, before
// anything is launched.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/bench_runner.hpp"

namespace buddy::tools {

/// Runs Buddy's own workloads with --check-options, which is without MPI and over at once. Programs
/// of others are not asked: nobody knows what they would do.
/// \param own options of the command itself, which may have been meant
/// Errors: invalid_argument, naming the option that a workload does not have or take.
Status check_workload_options(const std::vector<BenchCase>& cases,
                              const std::vector<std::string>& own);

}  // namespace buddy::tools
