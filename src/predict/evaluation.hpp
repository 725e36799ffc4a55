// How well the models predict applications that they were not fitted on.
#pragma once

#include <optional>
#include <vector>

#include "predict/fit.hpp"
#include "predict/ratio_rule.hpp"

namespace buddy::predict {

/// One point, predicted by models fitted on all other applications.
struct JudgedPoint {
  double predicted = 1;  ///< speedup
  double error = 0;      ///< |predicted / measured - 1|
  bool pays = false;     ///< as measured
  bool pays_physical = false;
  std::optional<bool> pays_rule;  ///< unknown without a ratio
};

struct Evaluation {
  std::vector<JudgedPoint> points;  ///< as in the sweep
  double median_error = 0;
  double worst_error = 0;
  double right = 0;                  ///< share of right decisions of the physical model
  std::optional<double> rule_right;  ///< the same of the rule, where it has a ratio
};

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
