// The paper's predictor: one figure and a threshold.
#pragma once

#include <optional>

#include "predict/sweep.hpp"

namespace buddy::predict {

/// Offloading pays on one side of a memory-to-communication ratio. Which side, and where, is
/// fitted. Source: "Communication Offloading on SmartNIC DPUs: A Quantitative Approach" (arXiv
/// 2605.04842).
struct RatioRule {
  double threshold = 0;
  bool pays_above = true;

  bool pays(double ratio) const { return (ratio >= threshold) == pays_above; }
};

/// The rule that is right most often; the threshold lies in the middle of a gap (geometric mean).
/// \return nothing if no point has a ratio
std::optional<RatioRule> fit_ratio_rule(const Sweep& sweep);

}  // namespace buddy::predict
