// Runs of both placements that the models are fitted on and judged by.
#pragma once

#include <string>
#include <vector>

#include "measure/verdict.hpp"
#include "predict/engine_description.hpp"
#include "predict/host_run.hpp"

namespace buddy::predict {

/// A program measured in both placements.
struct SweepPoint {
  std::string application;
  HostRun run;
  double speedup = 1;  ///< host seconds / engine seconds, median pair by pair
  bool decided =
      true;  ///< do the pairs agree on whether it is worthwhile, but for a fifth at most?
};

using Sweep = std::vector<SweepPoint>;

using measure::worthwhile_speedup;

}  // namespace buddy::predict
