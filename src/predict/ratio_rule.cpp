#include "predict/ratio_rule.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace buddy::predict {
namespace {

std::size_t right_decisions(const Sweep& sweep, const RatioRule& rule) {
  return static_cast<std::size_t>(
      std::count_if(sweep.begin(), sweep.end(), [&](const SweepPoint& point) {
        const auto& ratio = point.run.memory_to_communication_ratio;
        return ratio && rule.pays(*ratio) == (point.speedup > worthwhile_speedup);
      }));
}

}  // namespace

std::optional<RatioRule> fit_ratio_rule(const Sweep& sweep) {
  std::vector<double> ratios;
  for (const SweepPoint& point : sweep) {
    const auto& ratio = point.run.memory_to_communication_ratio;
    if (ratio && *ratio > 0) ratios.push_back(*ratio);
  }
  if (ratios.empty()) return std::nullopt;
  std::sort(ratios.begin(), ratios.end());
  std::vector<double> thresholds = {ratios.front() * 0.99};
  for (std::size_t i = 1; i < ratios.size(); ++i) {
    thresholds.push_back(std::sqrt(ratios[i - 1] * ratios[i]));
  }
  thresholds.push_back(ratios.back() * 1.01);
  RatioRule best;
  std::size_t most = 0;
  for (const bool above : {true, false}) {
    for (const double threshold : thresholds) {
      const RatioRule rule{threshold, above};
      const std::size_t right = right_decisions(sweep, rule);
      if (right <= most) continue;
      most = right;
      best = rule;
    }
  }
  return best;
}

}  // namespace buddy::predict
