// How well the models predict applications that they were not fitted on.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "predict/accuracy.hpp"
#include "predict/fit.hpp"
#include "predict/intervals.hpp"
#include "predict/learned_model.hpp"
#include "predict/ratio_rule.hpp"

namespace buddy::predict {

/// An emulated engine that the model has not seen: it was fitted on the normal one.
struct JudgedEngine {
  double predicted = 1;  ///< speedup
  double error = 0;
};

/// One point, in the sweep or outside, predicted by models fitted on all other applications.
struct JudgedPoint {
  double predicted = 1;  ///< speedup
  double error = 0;      ///< |predicted / measured - 1|
  bool pays = false;     ///< as measured
  bool decided = false;  ///< SweepPoint::decided
  bool pays_physical = false;
  std::optional<bool> pays_rule;       ///< unknown without a ratio
  std::optional<double> learned;       ///< speedup
  std::vector<JudgedEngine> emulated;  ///< as in the point
};

/// Shares of right decisions; unknown of no points.
struct Decisions {
  std::optional<double> right;          ///< of all points
  std::optional<double> right_decided;  ///< of those that measuring decided
};

/// One emulated engine over all programs.
struct EngineAccuracy {
  EmulatedDpu dpu;
  Accuracy sweep;
  Accuracy outside;
};

struct Evaluation {
  std::vector<JudgedPoint> points;  ///< as in the sweep
  Accuracy physical;                ///< an interval is that of the other applications
  Accuracy outside;                 ///< of programs outside the sweep
  Accuracy learned;
  Decisions rule;  ///< only of points that have a ratio
  std::vector<EngineAccuracy> engines;
  Accuracy extrapolation;          ///< all emulated engines together
  Accuracy extrapolation_outside;  ///< the same of programs outside the sweep
  /// Of the physical model, over all misses in the sweep; nothing of no programs.
  std::optional<Interval> interval;
  std::optional<Interval> learned_interval;
  /// The same for engines that the model has not seen; nothing if none was measured.
  std::optional<Interval> extrapolation_interval;
  /// For a prediction for \p engine; nothing where it is not known: for an engine that is slower
  /// than all that were measured, and where none was.
  std::optional<Interval> interval_for(const EngineDescription& engine) const;

  /// Whether the learned model is to be offered: its median error is lower, and it decides no fewer
  /// programs rightly of those that measuring decided.
  bool learned_is_better() const;
};

/// How well a measurement predicts the same measurement: as nobody can do better, what a model is
/// to be judged against.
struct Repeatability {
  std::optional<double> same_decision;  ///< share of programs in which both halves decide alike
  std::optional<double> median_error;   ///< |first half / second half - 1| of the speedups
  std::optional<double> worst_error;
};

/// \param halves speedup by the first half of the pairs and by the second, of each program
Repeatability repeatability(const std::vector<std::pair<double, double>>& halves);

/// Leaves one application out at a time, fits all models on the others, and predicts it.
/// \pre at least two applications in the sweep
Evaluation evaluate(const Sweep& sweep, const EngineDescription& engine);

/// Models fitted on a whole sweep.
struct FittedModels {
  Coefficients coefficients;
  std::optional<RatioRule> rule;
  std::optional<LearnedModel> learned;
};
FittedModels fit_models(const Sweep& sweep, const EngineDescription& engine);

}  // namespace buddy::predict
