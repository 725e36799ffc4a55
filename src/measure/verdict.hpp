// Whether measurements allow a verdict, and which: docs/verdicts.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/interval.hpp"

namespace buddy::measure {

/// Who got less of the CPU time that it asked for was measured on a busy machine.
inline constexpr double least_cpu_share = 0.9;
/// Shorter runs are mostly their own start and end, seconds.
inline constexpr double least_run_seconds = 0.05;
/// A benchmark makes runs at least so long, seconds: starts and ends of threads, and what the
/// kernel does every few milliseconds, are then less than a hundredth.
inline constexpr double long_run_seconds = 0.3;
/// A gain below this is not worth an engine.
inline constexpr double worthwhile_speedup = 1.05;

/// What somebody had of its CPUs.
struct CpuUse {
  double used_seconds = 0;  ///< CPU time
  double lost_seconds = 0;  ///< wanted, but others had it

  /// Part that it got of what it asked for; 1 if it asked for nothing.
  double share() const;
};

CpuUse operator+(const CpuUse& a, const CpuUse& b);

/// CPU time that others took from a job. Ranks and engines that share a CPU by the job's own plan
/// delay one another, too; so it is no more than what others used of the job's CPUs. And it is no
/// more than the job waited for. What is not known does not limit it; 0 if neither is known.
double lost_to_others(const std::optional<double>& run_delay_seconds,
                      const std::optional<double>& others_cpu_seconds);

/// What speaks against a measurement.
enum class DoubtKind {
  cpu_share,   ///< others had the CPUs
  stolen,      ///< other virtual machines had them
  throttled,   ///< a quota did not allow them
  short_runs,  ///< less than least_run_seconds
  spread,      ///< repeated figures differ too much
  implausible  ///< no machine at rest is like that
};
std::string_view to_string(DoubtKind kind);

struct Doubt {
  DoubtKind kind = DoubtKind::cpu_share;
  std::string text;  ///< "problem (why) what to do"
};
using Doubts = std::vector<Doubt>;

/// \param who "the ranks" or the like \param use theirs \param whole of all that were measured
/// together, which decides
std::optional<Doubt> doubt_cpu(std::string_view who, const CpuUse& use, const CpuUse& whole);
/// The same of somebody who was measured alone.
std::optional<Doubt> doubt_cpu(std::string_view who, const CpuUse& use);
/// \param use of the job as a whole; what it lost was stolen
std::optional<Doubt> doubt_stolen(const CpuUse& use);
/// The same; what it lost was above the quota of its control group
std::optional<Doubt> doubt_throttled(const CpuUse& use);
/// \param seconds of a typical run
std::optional<Doubt> doubt_length(double seconds);

enum class Outcome {
  pays,          ///< the whole interval is above worthwhile_speedup
  does_not_pay,  ///< the whole interval is below it
  undecided,     ///< neither, or the medians beside it say the contrary
  none,          ///< there are doubts
};
std::string_view to_string(Outcome outcome);

struct Verdict {
  Outcome outcome = Outcome::none;
  std::string text;  ///< one sentence
};

/// Two ways to run a program, in turns. Speedups are seconds of the baseline / seconds of the
/// other.
struct Comparison {
  std::string of;    ///< "engine"
  std::string over;  ///< "host", the baseline
  int pairs = 0;
  double level = interval_level;
  RatioInterval speedup;
  double speedup_of_medians = 1;  ///< of the median times, which stand beside it
};

/// Whether \p of is worth its cost. Both the interval and the medians must say so.
Outcome outcome_of(const Comparison& comparison);
/// "pays", "does not pay", "undecided: run longer", "no verdict".
std::string_view words_of(Outcome outcome);

/// "engine is 1.20 times as fast as host (95 % interval 1.10 to 1.31, 5 pairs)".
std::string words_of(const Comparison& comparison);

/// \param name of the program \param is_offloading whether routing is offloaded in the one and not
/// in the other; else the sentence is about the two alone \param doubts about the runs
Verdict judge(std::string_view name, const Comparison& comparison, bool is_offloading,
              const Doubts& doubts);

/// "No verdict on NAME: " and the first of \p doubts, which is not empty.
std::string no_verdict(std::string_view name, const Doubts& doubts);

}  // namespace buddy::measure
