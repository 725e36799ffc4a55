#include "predict/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace buddy::predict {
namespace {

struct Models {
  Coefficients coefficients;
  std::optional<RatioRule> rule;
};

Models fit_without(const Sweep& sweep, const std::string& application,
                   const EngineDescription& engine) {
  Sweep others;
  std::copy_if(sweep.begin(), sweep.end(), std::back_inserter(others),
               [&](const SweepPoint& point) { return point.application != application; });
  return {fit(others, engine), fit_ratio_rule(others)};
}

JudgedPoint judge(const SweepPoint& point, const Models& models, const EngineDescription& engine) {
  JudgedPoint judged;
  judged.predicted = predicted_speedup(point, engine, models.coefficients);
  judged.error = std::abs(judged.predicted / point.speedup - 1);
  judged.pays = point.speedup > worthwhile_speedup;
  judged.decided = point.decided;
  judged.pays_physical = judged.predicted > worthwhile_speedup;
  const auto& ratio = point.run.memory_to_communication_ratio;
  if (models.rule && ratio) judged.pays_rule = models.rule->pays(*ratio);
  return judged;
}

double quantile(std::vector<double> values, double at) {
  std::sort(values.begin(), values.end());
  const double place = at * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, values.size() - 1);
  const double part = place - static_cast<double>(below);
  return values[below] * (1 - part) + values[above] * part;
}

/// Counts decisions.
class Tally {
 public:
  void add(const JudgedPoint& point, bool says) {
    const double right = says == point.pays ? 1 : 0;
    asked_ += 1;
    right_ += right;
    if (!point.decided) return;
    decided_ += 1;
    decided_right_ += right;
  }
  Decisions shares() const {
    Decisions shares;
    if (asked_ > 0) shares.right = right_ / asked_;
    if (decided_ > 0) shares.right_decided = decided_right_ / decided_;
    return shares;
  }

 private:
  double asked_ = 0;
  double right_ = 0;
  double decided_ = 0;
  double decided_right_ = 0;
};

void sum_up(Evaluation& all) {
  std::vector<double> errors;
  Tally physical;
  Tally rule;
  for (const JudgedPoint& point : all.points) {
    errors.push_back(point.error);
    physical.add(point, point.pays_physical);
    if (point.pays_rule) rule.add(point, *point.pays_rule);
  }
  all.median_error = quantile(errors, 0.5);
  all.worst_error = *std::max_element(errors.begin(), errors.end());
  all.physical = physical.shares();
  all.rule = rule.shares();
}

}  // namespace

Repeatability repeatability(const std::vector<std::pair<double, double>>& halves) {
  if (halves.empty()) return {};
  std::vector<double> errors;
  double same = 0;
  for (const auto& [first, second] : halves) {
    errors.push_back(std::abs(first / second - 1));
    same += (first > worthwhile_speedup) == (second > worthwhile_speedup) ? 1 : 0;
  }
  return {.same_decision = same / static_cast<double>(halves.size()),
          .median_error = quantile(errors, 0.5),
          .worst_error = *std::max_element(errors.begin(), errors.end())};
}

Evaluation evaluate(const Sweep& sweep, const EngineDescription& engine) {
  std::map<std::string, Models> without;
  Evaluation all;
  for (const SweepPoint& point : sweep) {
    auto found = without.find(point.application);
    if (found == without.end()) {
      found =
          without.emplace(point.application, fit_without(sweep, point.application, engine)).first;
    }
    all.points.push_back(judge(point, found->second, engine));
  }
  if (!all.points.empty()) sum_up(all);
  return all;
}

FittedModels fit_models(const Sweep& sweep, const EngineDescription& engine) {
  FittedModels models;
  models.coefficients = fit(sweep, engine);
  models.rule = fit_ratio_rule(sweep);
  std::vector<double> off;
  const Evaluation unseen = evaluate(sweep, engine);
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    off.push_back(sweep[i].speedup / unseen.points[i].predicted);
  }
  if (off.empty()) return models;
  models.low = std::min(1.0, quantile(off, 0.05));
  models.high = std::max(1.0, quantile(off, 0.95));
  return models;
}

}  // namespace buddy::predict
