// Medians with their range, and comparisons pair by pair.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace buddy::measure {

/// What is quoted of several measurements.
struct Spread {
  double median = 0;
  double min = 0;
  double max = 0;
};

/// \pre \p values is not empty. The median of an even number is the mean of the two in the middle.
Spread spread_of(std::vector<double> values);

/// above[i] / below[i]: two things measured in turns are compared run by run, because what disturbs
/// a machine lasts longer than a run. \pre equal sizes
std::vector<double> ratios(std::span<const double> above, std::span<const double> below);

}  // namespace buddy::measure
