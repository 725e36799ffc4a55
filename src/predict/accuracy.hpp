// How far predictions were off, and how often they decided rightly.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace buddy::predict {

/// Value below which a part \p at of \p values lies. \pre values is not empty; 0 <= at <= 1
double quantile(std::vector<double> values, double at);

/// Factors on a predicted speedup.
struct Interval {
  double low = 1;
  double high = 1;

  bool holds(double measured, double predicted) const {
    return measured >= low * predicted && measured <= high * predicted;
  }
};

/// Of some predictions. Shares are unknown of no programs.
struct Accuracy {
  std::size_t programs = 0;
  std::size_t decided = 0;  ///< by measuring
  std::optional<double> median_error{};
  std::optional<double> worst_error{};
  std::optional<double> right{};          ///< share of right decisions
  std::optional<double> right_decided{};  ///< in those that measuring decided
  std::optional<double> held{};           ///< share in the interval, where there was one
};

/// Takes predictions one by one.
class AccuracyCount {
 public:
  struct Prediction {
    double predicted = 1;
    double measured = 1;
    bool decided = true;
    std::optional<Interval> interval{};
  };
  void add(const Prediction& made);
  Accuracy result() const;

 private:
  std::vector<double> errors_;
  double right_ = 0;
  double decided_ = 0;
  double right_decided_ = 0;
  double with_interval_ = 0;
  double held_ = 0;
};

}  // namespace buddy::predict
