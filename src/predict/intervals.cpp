#include "predict/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace buddy::predict {

std::optional<Interval> interval_of(const std::vector<Miss>& misses) {
  if (misses.empty()) return std::nullopt;
  std::map<std::string, double> programs;
  for (const Miss& miss : misses) programs[miss.application] += 1;
  const auto applications = static_cast<double>(programs.size());
  struct Weighted {
    double factor;
    double weight;  ///< of all, 1
  };
  std::vector<Weighted> sorted;
  for (const Miss& miss : misses) {
    sorted.push_back({miss.factor, 1 / programs[miss.application] / applications});
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const Weighted& a, const Weighted& b) { return a.factor < b.factor; });
  double spare = 1 - std::min(1.0, interval_part * (applications + 1) / applications);
  std::size_t first = 0;
  std::size_t last = sorted.size() - 1;
  constexpr double rounding = 1e-9;
  while (first < last) {
    // What is gained by giving up the lowest, and the highest.
    const double below = std::log(sorted[first + 1].factor / sorted[first].factor);
    const double above = std::log(sorted[last].factor / sorted[last - 1].factor);
    const std::size_t given_up = below > above ? first : last;
    if (sorted[given_up].weight > spare + rounding) break;
    spare -= sorted[given_up].weight;
    if (given_up == first) {
      ++first;
    } else {
      --last;
    }
  }
  return Interval{std::min(1.0, sorted[first].factor), std::max(1.0, sorted[last].factor)};
}

}  // namespace buddy::predict
