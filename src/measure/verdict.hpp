// Whether measurements allow a verdict, and which: docs/verdicts.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/statistics.hpp"

namespace buddy::measure {

/// Who got less of the CPU time that it asked for was measured on a busy machine.
inline constexpr double least_cpu_share = 0.9;
/// Shorter runs are mostly their own start and end, seconds.
inline constexpr double least_run_seconds = 0.05;
/// Speedups of undisturbed pairs differ by less than this factor.
inline constexpr double most_spread = 2;
/// With fewer pairs their range says little; what single runs differ by is assumed.
inline constexpr int enough_pairs = 3;
inline constexpr double single_run_factor = 1.25;
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
  spread,      ///< more than most_spread
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

/// Where the true ratio lies, most probably: the range of the pairs up to five; of more than five
/// what at least 95 of 100 such ranges hold the median in; of fewer than enough_pairs the range and
/// single_run_factor to each side. \pre \p ratios is not empty, all are positive
/// Source: order statistics, e.g. David and Nagaraja, Order Statistics, 2003, section 7.1.
Spread likely_range(std::vector<double> ratios);

enum class Outcome {
  pays,
  does_not_pay,
  even,  ///< no clear gain or loss
  none,  ///< there are doubts
};
std::string_view to_string(Outcome outcome);

struct Verdict {
  Outcome outcome = Outcome::none;
  std::string text;  ///< one sentence
};

/// \param name of the program \param speedups pair by pair, at least one \param doubts about the
/// runs; one about the speedups is added
Verdict judge(std::string_view name, const std::vector<double>& speedups, Doubts& doubts);

/// "No verdict on NAME: " and the first of \p doubts, which is not empty.
std::string no_verdict(std::string_view name, const Doubts& doubts);

}  // namespace buddy::measure
