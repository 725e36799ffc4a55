#include "common/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace workloads {
namespace {

/// Letters to add, leave out, replace or swap with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  std::vector<std::size_t> above = row;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::vector<std::size_t> before = std::exchange(above, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = above[j] + (a[i] == b[j] ? 0 : 1);
      row[j + 1] = std::min({row[j] + 1, above[j + 1] + 1, replaced});
      const bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
      if (swapped) row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t fewest = word.size() + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t slips = distance(word, candidate);
    const std::size_t letters =
        candidate.size() - std::min(candidate.find_first_not_of('-'), candidate.size());
    // A single letter that is another one is nothing near.
    if (slips >= fewest || slips >= letters || 3 * slips > candidate.size()) continue;
    best = candidate;
    fewest = slips;
  }
  return best;
}

}  // namespace workloads
