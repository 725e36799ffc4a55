#include "measure/interval.hpp"

#include <cmath>
#include <limits>

#include "base/contract.hpp"

namespace buddy::measure {
namespace {

struct Logarithms {
  double mean = 0;
  double deviation = 0;  ///< of single values
};

Logarithms logarithms_of(std::span<const double> values) {
  BUDDY_EXPECT(!values.empty());
  const auto count = static_cast<double>(values.size());
  Logarithms result;
  for (const double value : values) result.mean += std::log(value) / count;
  if (values.size() == 1) return result;
  double squares = 0;
  for (const double value : values) squares += std::pow(std::log(value) - result.mean, 2);
  result.deviation = std::sqrt(squares / (count - 1));
  return result;
}

}  // namespace

double student_probability(double t, int degrees) {
  BUDDY_EXPECT(degrees >= 1);
  // The finite sums of Abramowitz and Stegun, 26.7.3 and 26.7.4: exact for whole degrees.
  const double angle = std::atan(t / std::sqrt(degrees));
  const double cosine_squared = std::pow(std::cos(angle), 2);
  const bool is_odd = degrees % 2 == 1;
  double term = is_odd ? std::cos(angle) : 1;
  double sum = degrees > 1 ? term : 0;
  for (int k = is_odd ? 3 : 2; k < degrees; k += 2) {
    term *= cosine_squared * (k - 1) / k;
    sum += term;
  }
  const double inside =
      is_odd ? 2 / std::acos(-1.0) * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
  return (1 + inside) / 2;
}

double student_quantile(double probability, int degrees) {
  BUDDY_EXPECT(probability >= 0.5 && probability < 1);
  double low = 0;
  double high = 1;
  while (student_probability(high, degrees) < probability) high *= 2;
  constexpr int halvings = 60;  // more than a double has bits
  for (int i = 0; i < halvings; ++i) {
    const double middle = (low + high) / 2;
    (student_probability(middle, degrees) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

RatioInterval ratio_interval(std::span<const double> ratios, double level) {
  const Logarithms logarithms = logarithms_of(ratios);
  const double estimate = std::exp(logarithms.mean);
  if (ratios.size() == 1) return {estimate, 0, std::numeric_limits<double>::infinity()};
  const auto count = static_cast<double>(ratios.size());
  const double half_width = student_quantile((1 + level) / 2, static_cast<int>(ratios.size()) - 1) *
                            logarithms.deviation / std::sqrt(count);
  return {estimate, std::exp(logarithms.mean - half_width), std::exp(logarithms.mean + half_width)};
}

double relative_deviation(std::span<const double> values) {
  return logarithms_of(values).deviation;
}

}  // namespace buddy::measure
