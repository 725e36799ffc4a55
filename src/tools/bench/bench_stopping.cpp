#include "tools/bench/bench_stopping.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "tools/command/sizes.hpp"

namespace buddy::tools {
namespace {

/// Each a third more than the one before. The first has enough for an interval of some use.
constexpr std::array looks = {6, 8, 11, 15, 20, 27, 36};
constexpr std::uint64_t most_pairs = 10'000;

bool is_enough(const ComparedPair& pair) {
  const measure::Outcome outcome = measure::outcome_of(pair.figures);
  const measure::RatioInterval& speedup = pair.figures.speedup;
  return outcome != measure::Outcome::undecided || speedup.high <= narrow * narrow * speedup.low;
}

}  // namespace

Result<Repetition> parse_repetition(const std::string& text) {
  Repetition repetition;
  repetition.automatic = text == "auto";
  if (repetition.automatic) return repetition;
  const auto pairs = parse_count(text);
  if (pairs && *pairs >= 1 && *pairs <= most_pairs) {
    repetition.pairs = static_cast<int>(*pairs);
    return repetition;
  }
  return Status(ErrorCode::invalid_argument,
                fmt::format("--repeat: '{}' is no number of runs (1 to {} of each placement) give "
                            "one, or auto: until there is a verdict",
                            text, most_pairs));
}

int next_look(int pairs) {
  const auto found = std::upper_bound(looks.begin(), looks.end(), pairs);
  return found == looks.end() ? 0 : *found;
}

bool is_enough(const Summary& summary) {
  return std::all_of(summary.comparisons.begin(), summary.comparisons.end(),
                     [](const ComparedPair& pair) { return is_enough(pair); });
}

}  // namespace buddy::tools
