// The interval of a ratio that was measured pair by pair: docs/verdicts.md.
#pragma once

#include <span>

namespace buddy::measure {

/// How often an interval holds the true ratio.
inline constexpr double interval_level = 0.95;

/// A ratio and where the true one lies.
struct RatioInterval {
  double estimate = 1;
  double low = 1;
  double high = 1;
};

/// What the ratios of pairs say about the true one: their geometric mean, and Student's interval of
/// the mean of their logarithms. The estimate is the ratio of the geometric means of what was
/// compared. An interval of one pair goes from 0 to infinity.
/// \param level 0.95: it holds the true ratio in 95 of 100 cases \pre \p ratios is not empty, all
/// are positive
/// Source: Student, The probable error of a mean, Biometrika 6 (1908), for logarithms of ratios.
RatioInterval ratio_interval(std::span<const double> ratios, double level);

/// Standard deviation of the logarithms: by how much single values differ, as a part of them; 0 of
/// one. \pre as above
double relative_deviation(std::span<const double> values);

/// Which part of Student's distribution is below \p t. \pre degrees >= 1
double student_probability(double t, int degrees);
/// The t below which \p probability of it is. \pre 0.5 <= probability < 1, degrees >= 1
double student_quantile(double probability, int degrees);

}  // namespace buddy::measure
