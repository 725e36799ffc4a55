#include "measure/statistics.hpp"

#include <algorithm>

#include "base/contract.hpp"

namespace buddy::measure {

Spread spread_of(std::vector<double> values) {
  BUDDY_EXPECT(!values.empty());
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {.median = median, .min = values.front(), .max = values.back()};
}

std::vector<double> ratios(std::span<const double> above, std::span<const double> below) {
  BUDDY_EXPECT(above.size() == below.size());
  std::vector<double> result(above.size());
  for (std::size_t i = 0; i < above.size(); ++i) result[i] = above[i] / below[i];
  return result;
}

}  // namespace buddy::measure
