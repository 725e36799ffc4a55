// How well the models predict applications that they were not fitted on.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "predict/fit.hpp"
#include "predict/ratio_rule.hpp"

namespace buddy::predict {

/// One point, predicted by models fitted on all other applications.
struct JudgedPoint {
  double predicted = 1;  ///< speedup
  double error = 0;      ///< |predicted / measured - 1|
  bool pays = false;     ///< as measured
  bool decided = false;  ///< SweepPoint::decided
  bool pays_physical = false;
  std::optional<bool> pays_rule;  ///< unknown without a ratio
};

/// Shares of right decisions; unknown of no points.
struct Decisions {
  std::optional<double> right;          ///< of all points
  std::optional<double> right_decided;  ///< of those that measuring decided
};

struct Evaluation {
  std::vector<JudgedPoint> points;  ///< as in the sweep
  double median_error = 0;
  double worst_error = 0;
  Decisions physical;
  Decisions rule;  ///< only of points that have a ratio
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

/// Leaves one application out at a time, fits both models on the others, and predicts it.
/// \pre at least two applications
Evaluation evaluate(const Sweep& sweep, const EngineDescription& engine);

/// Models fitted on a whole sweep, and how far off they were on what they had not seen.
struct FittedModels {
  Coefficients coefficients;
  std::optional<RatioRule> rule;
  double low = 1;   ///< measured / predicted speedup: 5 % of the sweep were below
  double high = 1;  ///< 5 % were above
};
FittedModels fit_models(const Sweep& sweep, const EngineDescription& engine);

}  // namespace buddy::predict
