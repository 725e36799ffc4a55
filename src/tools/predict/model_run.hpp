// Measuring the points of a sweep: every program in both placements, in turns.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "launch/job.hpp"
#include "measure/statistics.hpp"
#include "predict/sweep.hpp"
#include "tools/command/progress.hpp"
#include "tools/predict/model_cases.hpp"
#include "tools/profile/dram_options.hpp"

namespace buddy::tools {

/// A run in each placement, one after the other.
struct ModelPair {
  double host_seconds = 0;
  double engine_seconds = 0;
  std::optional<double> core_distance_ns{};  ///< just before: a cache line's round trip
  /// CPU time of the engines during the region, idle polls included.
  std::optional<double> engine_cpu_seconds{};

  double speedup() const { return host_seconds / engine_seconds; }
};

/// Is the 95 % interval of the speedup, and with it the median, on one side of worthwhile_speedup?
/// \pre \p pairs is not empty
bool decided(std::span<const ModelPair> pairs);

/// Host seconds / engine seconds, pair by pair. \pre \p pairs is not empty
measure::Spread speedup_of(std::span<const ModelPair> pairs);

/// A program on an emulated DPU: the same runs in host placement, and engine_seconds on it.
struct EmulatedRuns {
  predict::EmulatedDpu dpu;
  std::vector<ModelPair> pairs;
};

/// A program, measured.
struct ModelPoint {
  ModelCase of;
  std::string machine{};  ///< on which, in words; pairs of two machines are not put together
  predict::HostRun run;   ///< the mean of the host runs
  std::vector<ModelPair> pairs;
  std::string passed_over{};  ///< why some pairs are missing; empty if none is
  std::vector<EmulatedRuns> emulated{};

  measure::Spread speedup() const { return speedup_of(pairs); }
  bool decided() const { return tools::decided(pairs); }  ///< predict::SweepPoint::decided
};

/// A program that was to be measured, and was not once.
struct MissingProgram {
  ModelCase of;
  std::string why;
};

/// Adds those of another time, and leaves out what has been measured by now.
void add_missing(std::vector<MissingProgram>& missing, const std::vector<MissingProgram>& more,
                 const std::vector<ModelPoint>& points);

/// Adds what was measured another time: a case that is there already, on the same machine and as
/// many ranks, gets more pairs, and the mean of all runs.
void add_points(std::vector<ModelPoint>& points, const std::vector<ModelPoint>& more);

/// How a sweep is measured.
struct SweepOptions {
  launch::JobOptions job;  ///< its fabric is the case's and its placement is set run by run
  int repeat = 5;
  DramChoice dram;
  std::optional<double> ratio{};  ///< memory-to-communication ratio, if it is known already
  std::vector<predict::EmulatedDpu> dpus{};
};

/// Timed runs of a case, its warm-up included.
int steps_per_case(const SweepOptions& options);

/// Runs a case in host placement, with engines, and on each emulated DPU, in turns, after a
/// warm-up; all runs are profiled, so that all pay for it. Memory traffic is measured on a run of
/// its own, of a smaller problem where it is simulated. Pairs beside other work, or of runs that
/// are too short, are passed over: the point may have fewer, or none. Errors: those of
/// run_profiled(); \p exit_code is that of the run then.
Result<ModelPoint> measure_case(const ModelCase& of, const std::string& program,
                                SweepOptions options, Progress& progress, int& exit_code);

/// Memory-to-communication ratio of a case in host placement, if the method works here. On all
/// CPUs: nothing is timed. \param exit_code is set if a signal asks this process to stop
std::optional<double> measure_ratio(const ModelCase& of, const std::string& program,
                                    SweepOptions options, Progress& progress, int& exit_code);

/// The points as the models want them.
predict::Sweep sweep_of(const std::vector<ModelPoint>& points);

}  // namespace buddy::tools
