// Runs of both placements that the models are fitted on and judged by.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/verdict.hpp"
#include "predict/engine_description.hpp"
#include "predict/host_run.hpp"

namespace buddy::predict {

/// The same program on an emulated DPU.
struct EmulatedSpeedup {
  EmulatedDpu dpu;
  double speedup = 1;  ///< host seconds / seconds on it
  bool decided = true;
};

/// A program measured in both placements.
struct SweepPoint {
  std::string application;
  HostRun run;
  double speedup = 1;    ///< host seconds / engine seconds, median pair by pair
  bool decided = true;   ///< by measuring: its 95 % interval is on one side of worthwhile_speedup
  bool outside = false;  ///< of the sweep: models are judged by it, and not fitted on it
  std::vector<EmulatedSpeedup> emulated{};
  /// CPU time of the engines in engine placement, idle polls included.
  std::optional<double> engine_cpu_seconds{};
};

using Sweep = std::vector<SweepPoint>;

using measure::worthwhile_speedup;

}  // namespace buddy::predict
