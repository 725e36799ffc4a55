// Whether workloads take the options that they would be started with: they are asked, before
// anything is launched.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/bench_runner.hpp"

namespace buddy::tools {

/// The command that asks.
struct Asker {
  std::string command;               ///< "bench dca"
  std::vector<std::string> options;  ///< its own, which may have been meant
};

/// Runs Buddy's own workloads with --check-options, which is without MPI and over at once. Programs
/// of others are not asked: nobody knows what they would do.
/// Errors: invalid_argument, naming the option that a workload does not have or take.
Status check_workload_options(const std::vector<BenchCase>& cases, const Asker& asker);

/// The same for a program and its arguments, which may be anybody's.
/// \param program its path first
Status check_own_program(const std::vector<std::string>& program);

/// What one of Buddy's own workloads prints for --help. Errors: system, or what it says instead.
Result<std::string> help_of_workload(const std::string& program);

}  // namespace buddy::tools
