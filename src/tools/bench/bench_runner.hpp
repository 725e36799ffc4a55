// Carries out the runs of one workload.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "launch/job.hpp"
#include "tools/bench/bench_record.hpp"
#include "tools/command/progress.hpp"

namespace buddy::tools {

/// A workload's program and everything that its runs have in common.
struct BenchCase {
  std::string workload;
  std::vector<std::string> program;  ///< path and arguments
  std::vector<Contender> contenders;
  int repeat = 5;
  launch::JobOptions job;  ///< its placement is set run by run
};

/// Why a benchmark stopped.
struct BenchFailure {
  int exit_code = 1;
  std::string message;
  std::string output;  ///< what the failed run printed
};

/// Runs of a case, without warm-ups; or why there are none.
struct BenchOutcome {
  std::vector<Record> records;
  bool failed = false;
  BenchFailure failure;
};

/// Runs all steps of \p bench in order; the first run that fails, or whose answer is wrong, ends
/// it. The programs read nothing and print nothing; each writes its figures to BUDDY_RESULT_FILE.
BenchOutcome run_case(const BenchCase& bench, const launch::Launcher& launcher, Progress& progress);

}  // namespace buddy::tools
