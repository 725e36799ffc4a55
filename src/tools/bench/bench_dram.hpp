// Memory traffic of a benchmark, measured on runs of its own.
#pragma once

#include <string>

#include "tools/bench/bench_runner.hpp"
#include "tools/profile/dram_options.hpp"

namespace buddy::tools {

/// How the measurement of a case ended.
struct BenchDram {
  std::string text;   ///< lines for people
  int exit_code = 0;  ///< if this process was asked to stop meanwhile
};

/// Runs \p bench once more in each placement that it compares, observed as \p dram says, and fills
/// in the memory traffic of \p records. Simulation works on a smaller problem; its bytes are scaled
/// by the number of messages. What cannot be measured stays empty, and the text says why.
BenchDram add_memory_traffic(const BenchCase& bench, const DramChoice& dram,
                             const launch::Launcher& launcher, Progress& progress,
                             std::vector<Record>& records);

/// How many such runs there are.
int memory_traffic_runs(const BenchCase& bench);

}  // namespace buddy::tools
