#include "measure/verdict.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/contract.hpp"

namespace buddy::measure {
namespace {

template <class... Values>
std::string text(const char* format, Values... values) {
  std::array<char, 160> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, values...);
  BUDDY_EXPECT(length >= 0 && static_cast<std::size_t>(length) < buffer.size());
  return buffer.data();
}

/// What an outcome says about offloading \p name.
std::string headline(std::string_view name, Outcome outcome) {
  const std::string program(name);
  switch (outcome) {
    case Outcome::pays: return "Offloading pays for " + program + ": ";
    case Outcome::does_not_pay: return "Offloading does not pay for " + program + ": ";
    case Outcome::undecided:
    case Outcome::none: break;
  }
  return "Undecided whether offloading pays for " + program + ", run longer: ";
}

/// The same where nothing is offloaded, or is in both.
std::string headline(std::string_view name, const Comparison& comparison, Outcome outcome) {
  const std::string both = comparison.of + " over " + comparison.over + ", " + std::string(name);
  switch (outcome) {
    case Outcome::pays: return both + ": pays: ";
    case Outcome::does_not_pay: return both + ": does not pay: ";
    case Outcome::undecided:
    case Outcome::none: break;
  }
  return both + ": undecided, run longer: ";
}

/// What the reader of figures on both sides of a limit asks.
std::string limit_text(const Comparison& comparison, Outcome outcome) {
  const RatioInterval& speedup = comparison.speedup;
  if (outcome == Outcome::undecided) {
    const bool is_decided = speedup.low > worthwhile_speedup || speedup.high < worthwhile_speedup;
    if (is_decided) {
      return text("; the median times say %.2f, so that the runs differ too much",
                  comparison.speedup_of_medians);
    }
    return text("; it pays from %.2f on", worthwhile_speedup);
  }
  const bool is_between = speedup.high >= 1 && speedup.high < worthwhile_speedup;
  return is_between ? text("; it pays from %.2f on", worthwhile_speedup) : std::string();
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
    case Outcome::undecided: return "undecided";
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

Outcome outcome_of(const Comparison& comparison) {
  const RatioInterval& speedup = comparison.speedup;
  const double medians = comparison.speedup_of_medians;
  if (speedup.low > worthwhile_speedup && medians > worthwhile_speedup) return Outcome::pays;
  if (speedup.high < worthwhile_speedup && medians < worthwhile_speedup) {
    // Slower by the one and faster by the other is a contradiction, too.
    const bool is_contrary = speedup.high < 1 && medians > 1;
    return is_contrary ? Outcome::undecided : Outcome::does_not_pay;
  }
  return Outcome::undecided;
}

std::string_view words_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pays: return "pays";
    case Outcome::does_not_pay: return "does not pay";
    case Outcome::undecided: return "undecided: run longer";
    case Outcome::none: break;
  }
  return "no verdict";
}

std::string words_of(const Comparison& comparison) {
  const RatioInterval& speedup = comparison.speedup;
  const std::string ratio =
      comparison.of + text(" is %.2f times as fast as ", speedup.estimate) + comparison.over;
  if (comparison.pairs == 1) return ratio + " (one pair, which has no interval)";
  return ratio + text(" (%.0f %% interval %.2f to %.2f, %d pairs)", comparison.level * 100,
                      speedup.low, speedup.high, comparison.pairs);
}

Verdict judge(std::string_view name, const Comparison& comparison, bool is_offloading,
              const Doubts& doubts) {
  if (!doubts.empty()) return {Outcome::none, no_verdict(name, doubts)};
  const Outcome outcome = outcome_of(comparison);
  return {outcome, (is_offloading ? headline(name, outcome) : headline(name, comparison, outcome)) +
                       words_of(comparison) + limit_text(comparison, outcome) + "."};
}

std::string no_verdict(std::string_view name, const Doubts& doubts) {
  BUDDY_EXPECT(!doubts.empty());
  return "No verdict on " + std::string(name) + ": " + doubts.front().text + ".";
}

}  // namespace buddy::measure
