// How many pairs a benchmark runs: a number of the user's, or as many as a verdict takes.
#pragma once

#include <string>
#include <string_view>

#include "base/status.hpp"
#include "tools/bench/bench_summary.hpp"

namespace buddy::tools {

/// Of --repeat auto, whose pairs are looked at several times. Each look could be wrong, so that an
/// interval of level 0.95 must be wider than that of pairs that are looked at once: it is one of
/// level look_level. docs/verdicts.md has the coverage.
inline constexpr double look_level = 0.99;
/// An interval from estimate / narrow to estimate x narrow is narrow enough.
inline constexpr double narrow = 1.03;

/// What --repeat says.
struct Repetition {
  int pairs = 5;  ///< if it is not automatic
  bool automatic = false;
  double time_limit_s = 60;  ///< of an automatic one: of all pairs of a workload

  double quantile_level() const { return automatic ? look_level : measure::interval_level; }
};

/// Errors: invalid_argument unless \p text is "auto" or 1 .. 10000.
Result<Repetition> parse_repetition(const std::string& text);

/// How many pairs there are at the look after \p pairs; 0 if that was the last one.
int next_look(int pairs);

/// Whether every comparison is decided, or its interval is narrow.
bool is_enough(const Summary& summary);

}  // namespace buddy::tools
