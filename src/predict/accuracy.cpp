#include "predict/accuracy.hpp"

#include <algorithm>
#include <cmath>

#include "predict/sweep.hpp"

namespace buddy::predict {

double quantile(std::vector<double> values, double at) {
  std::sort(values.begin(), values.end());
  const double place = at * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, values.size() - 1);
  const double part = place - static_cast<double>(below);
  return values[below] * (1 - part) + values[above] * part;
}

void AccuracyCount::add(const Prediction& made) {
  errors_.push_back(std::abs(made.predicted / made.measured - 1));
  const bool pays = made.measured > worthwhile_speedup;
  const double right = (made.predicted > worthwhile_speedup) == pays ? 1 : 0;
  right_ += right;
  if (made.decided) {
    decided_ += 1;
    right_decided_ += right;
  }
  if (!made.interval) return;
  with_interval_ += 1;
  held_ += made.interval->holds(made.measured, made.predicted) ? 1 : 0;
}

Accuracy AccuracyCount::result() const {
  Accuracy all;
  all.programs = errors_.size();
  all.decided = static_cast<std::size_t>(decided_);
  if (errors_.empty()) return all;
  all.median_error = quantile(errors_, 0.5);
  all.worst_error = *std::max_element(errors_.begin(), errors_.end());
  all.right = right_ / static_cast<double>(errors_.size());
  if (decided_ > 0) all.right_decided = right_decided_ / decided_;
  if (with_interval_ > 0) all.held = held_ / with_interval_;
  return all;
}

}  // namespace buddy::predict
