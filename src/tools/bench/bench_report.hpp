// The report of `buddy bench --json`: schema "buddy.bench.v1".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/bench/bench_summary.hpp"
#include "tools/report/machine.hpp"

namespace buddy::tools {

/// Cache line round trip between two CPUs of the job, ns, before and after all runs.
struct CoreDistance {
  std::optional<double> before_ns;
  std::optional<double> after_ns;
};

/// Runs and summary of one workload.
struct CaseReport {
  Summary summary;
  std::vector<Record> records;
};

std::vector<Summary> summaries_of(const std::vector<CaseReport>& cases);

/// \param command the command line that repeats the benchmark
/// \param paper the table of the suite, or null
/// \param partial it stopped before all runs
Json bench_report(const Machine& machine, const CoreDistance& distance,
                  const std::vector<std::string>& command, const std::vector<CaseReport>& cases,
                  const Json& paper, bool partial);

}  // namespace buddy::tools
