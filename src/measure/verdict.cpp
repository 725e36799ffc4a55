#include "measure/verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/contract.hpp"

namespace buddy::measure {
namespace {

/// In 100, that a range of order statistics misses the median.
constexpr double most_misses = 0.05;
/// Of more values the binomial distribution is as good as normal.
constexpr std::size_t most_exact = 60;
constexpr double normal_quantile = 1.96;

template <class... Values>
std::string text(const char* format, Values... values) {
  std::array<char, 160> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, values...);
  BUDDY_EXPECT(length >= 0 && static_cast<std::size_t>(length) < buffer.size());
  return buffer.data();
}

/// How many values may be left out at each end.
std::size_t outer_values(std::size_t count) {
  const auto n = static_cast<double>(count);
  if (count > most_exact)
    return static_cast<std::size_t>((n - normal_quantile * std::sqrt(n)) / 2) - 1;
  double probability = std::pow(0.5, n);  // of none above the median
  double tail = probability;
  std::size_t left_out = 0;
  while (true) {
    probability *= (n - static_cast<double>(left_out)) / static_cast<double>(left_out + 1);
    tail += probability;
    if (2 * tail > most_misses) return left_out;
    ++left_out;
  }
}

std::string range_text(const Spread& spread) {
  return text("%.2f (%.2f to %.2f)", spread.median, spread.min, spread.max);
}

std::optional<Doubt> doubt_spread(const Spread& range) {
  if (range.max <= most_spread * range.min) return std::nullopt;
  return Doubt{
      DoubtKind::spread,
      text("the pairs differ too much: their speedups go from %.2f to %.2f", range.min, range.max) +
          " (something disturbs the runs) repeat more often with --repeat, on a quiet "
          "machine"};
}

Outcome outcome_of(const Spread& range) {
  if (range.min > 1 && range.median >= worthwhile_speedup) return Outcome::pays;
  if (range.max < 1 && range.median <= 1 / worthwhile_speedup) return Outcome::does_not_pay;
  return Outcome::even;
}

std::string_view words_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pays: return "pays for";
    case Outcome::does_not_pay: return "does not pay for";
    case Outcome::even:
    case Outcome::none: break;
  }
  return "makes no clear difference to";
}

}  // namespace

double CpuUse::share() const {
  const double asked = used_seconds + lost_seconds;
  return asked > 0 ? used_seconds / asked : 1;
}

CpuUse operator+(const CpuUse& a, const CpuUse& b) {
  return {a.used_seconds + b.used_seconds, a.lost_seconds + b.lost_seconds};
}

double lost_to_others(const std::optional<double>& run_delay_seconds,
                      const std::optional<double>& others_cpu_seconds) {
  if (!run_delay_seconds) return others_cpu_seconds.value_or(0);
  return std::min(*run_delay_seconds, others_cpu_seconds.value_or(*run_delay_seconds));
}

std::string_view to_string(DoubtKind kind) {
  switch (kind) {
    case DoubtKind::cpu_share: return "cpu_share";
    case DoubtKind::stolen: return "stolen";
    case DoubtKind::throttled: return "throttled";
    case DoubtKind::short_runs: return "short_runs";
    case DoubtKind::spread: return "spread";
    case DoubtKind::implausible: break;
  }
  return "implausible";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pays: return "pays";
    case Outcome::does_not_pay: return "does_not_pay";
    case Outcome::even: return "even";
    case Outcome::none: break;
  }
  return "none";
}

std::optional<Doubt> doubt_cpu(std::string_view who, const CpuUse& use, const CpuUse& whole) {
  if (whole.share() >= least_cpu_share) return std::nullopt;
  return Doubt{DoubtKind::cpu_share,
               std::string(who) +
                   text(" got %.0f %% of the CPU time that they asked for", use.share() * 100) +
                   " (other work had their CPUs) measure again on a quiet machine"};
}

std::optional<Doubt> doubt_cpu(std::string_view who, const CpuUse& use) {
  return doubt_cpu(who, use, use);
}

std::optional<Doubt> doubt_stolen(const CpuUse& use) {
  if (use.share() >= least_cpu_share) return std::nullopt;
  return Doubt{DoubtKind::stolen,
               text("this virtual machine got %.0f %% of the CPU time that it asked for",
                    use.share() * 100) +
                   " (others had the real CPUs) measure again when they are quiet"};
}

std::optional<Doubt> doubt_throttled(const CpuUse& use) {
  if (use.share() >= least_cpu_share) return std::nullopt;
  return Doubt{
      DoubtKind::throttled,
      text("a quota left the job %.0f %% of the CPU time that it asked for", use.share() * 100) +
          " (cpu.max of its control group limits it) measure again without that limit"};
}

std::optional<Doubt> doubt_length(double seconds) {
  if (seconds >= least_run_seconds) return std::nullopt;
  return Doubt{DoubtKind::short_runs,
               text("a run took %.2g s (less than %.1g s says little) take a larger problem",
                    seconds, least_run_seconds)};
}

Spread likely_range(std::vector<double> ratios) {
  BUDDY_EXPECT(!ratios.empty());
  std::sort(ratios.begin(), ratios.end());
  Spread range = spread_of(ratios);
  if (static_cast<int>(ratios.size()) < enough_pairs) {
    range.min /= single_run_factor;
    range.max *= single_run_factor;
    return range;
  }
  const std::size_t outer = outer_values(ratios.size());
  range.min = ratios[outer];
  range.max = ratios[ratios.size() - 1 - outer];
  return range;
}

Verdict judge(std::string_view name, const std::vector<double>& speedups, Doubts& doubts) {
  const Spread range = likely_range(speedups);
  if (auto doubt = doubt_spread(range)) doubts.push_back(std::move(*doubt));
  if (!doubts.empty()) return {Outcome::none, no_verdict(name, doubts)};
  const Outcome outcome = outcome_of(range);
  std::string sentence = "Offloading " + std::string(words_of(outcome)) + " " + std::string(name) +
                         ": speedup " + range_text(range);
  const auto pairs = static_cast<int>(speedups.size());
  if (pairs == 1) {
    sentence +=
        text(", from one pair of runs, which may be %.0f %% off", (single_run_factor - 1) * 100);
  } else if (pairs < enough_pairs) {
    sentence += text(", from %d pairs of runs, which may be %.0f %% off", pairs,
                     (single_run_factor - 1) * 100);
  }
  return {outcome, sentence + "."};
}

std::string no_verdict(std::string_view name, const Doubts& doubts) {
  BUDDY_EXPECT(!doubts.empty());
  return "No verdict on " + std::string(name) + ": " + doubts.front().text + ".";
}

}  // namespace buddy::measure
