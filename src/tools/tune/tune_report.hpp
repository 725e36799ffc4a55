// What a search found: its answer, its table, and the report of `buddy bench tune --json`, schema
// "buddy.tune.v1".
#pragma once

#include <string>
#include <vector>

#include "measure/statistics.hpp"
#include "tools/report/machine.hpp"
#include "tools/tune/tune_knobs.hpp"
#include "tools/tune/tune_search.hpp"

namespace buddy::tools {

/// A search and what it was about. Invariant: something was measured.
struct TuneReport {
  std::string workload;
  std::vector<std::string> program;  ///< path and arguments
  launch::JobPlan plan;              ///< with the usual setting
  TuneKnobs knobs;
  TuneResult result;
};

/// Run times of a setting: of all runs that it took part in. \pre there are some
measure::Spread seconds_of(const TuneSetting& setting, const TuneResult& result);

/// One sentence or two: the best options, how much faster they are, what ended the search.
std::string tune_answer(const TuneReport& report);

/// The settings that were tried, the best against the usual one, the options to type, the answer.
std::string format_tune(const TuneReport& report);

/// \param command the command line that repeats it
Json tune_report(const TuneReport& report, const Machine& machine,
                 const std::vector<std::string>& command);

}  // namespace buddy::tools
