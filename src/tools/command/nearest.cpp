#include "tools/command/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace buddy::tools {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the usual table: distances of prefixes of a, whose lengths are i-2, i-1 and i.
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row.back();
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t fewest = word.size() + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t slips = edit_distance(word, candidate);
    const std::size_t letters =
        candidate.size() - std::min(candidate.find_first_not_of('-'), candidate.size());
    // A single letter that is another one is nothing near.
    if (slips >= fewest || slips >= letters ||
        3 * slips > std::max<std::size_t>(candidate.size(), 3))
      continue;
    best = candidate;
    fewest = slips;
  }
  return best;
}

std::string advice(std::string_view word, std::span<const std::string> candidates,
                   std::string_view otherwise) {
  const std::string meant = nearest(word, candidates);
  return meant.empty() ? std::string(otherwise) : fmt::format("did you mean '{}'?", meant);
}

std::string check_choice(std::string_view kind, std::string_view word,
                         std::span<const std::string> names) {
  if (std::find(names.begin(), names.end(), word) != names.end()) return {};
  return fmt::format("there is no {} '{}' ({} and {} exist) {}", kind, word,
                     fmt::join(names.begin(), names.end() - 1, ", "), names.back(),
                     advice(word, names, "choose one of them"));
}

}  // namespace buddy::tools
