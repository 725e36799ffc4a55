// The search for the best knobs: plain logic, whatever a setting costs and however that is
// measured.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "measure/interval.hpp"
#include "tools/tune/tune_setting.hpp"

namespace buddy::tools {

/// Two runs, one after the other.
struct TunePair {
  double best_seconds = 0;   ///< of the best setting so far, or of the usual one in the end
  double other_seconds = 0;  ///< of the one that is tried
};

/// What became of two runs.
struct TunePairResult {
  enum class Kind { measured, failed, stopped };
  Kind kind = Kind::measured;
  TunePair pair{};
  std::string why{};  ///< failed: what the setting that is tried is refused for; stopped: by what
};

/// Runs both settings in turns.
using MeasurePair =
    std::function<TunePairResult(const TuneSetting& best, const TuneSetting& other)>;

/// How many times as fast a setting is as the one that it was tried against. \pre at least two
/// pairs
measure::RatioInterval ratio_of(const std::vector<TunePair>& pairs);

/// A setting that was tried against the best one so far.
struct TuneTrial {
  enum class Outcome { better, not_better, failed, unfinished };
  int sweep = 0;  ///< 1 for the first; 0: the comparison in the end
  TuneSetting setting;
  TuneSetting against;
  std::vector<TunePair> pairs;
  std::optional<measure::RatioInterval> ratio{};  ///< of two pairs or more
  Outcome outcome = Outcome::unfinished;
  std::string why{};  ///< it failed
  std::optional<measure::RatioInterval>
      relative_time{};  ///< to that of the usual setting: on the whole way
};
const char* to_string(TuneTrial::Outcome outcome);

struct TuneRules {
  int fewest_pairs = 3;  ///< after which a setting that is no faster is dropped
  int most_pairs = 7;    ///< of a setting that may be faster
  int fewest_final_pairs = 5;
  int final_pairs = 11;  ///< if there is time
  std::function<bool(int pairs)> has_time_for = [](int) { return true; };
  std::function<void(int pairs)> expect = [](int) {};  ///< is told what else will be measured
};

struct TuneResult {
  TuneSetting usual;
  TuneSetting best;  ///< found; see recommended()
  std::vector<TuneTrial> trials;
  /// Best against usual, in fresh pairs; nothing if they are one.
  std::optional<TuneTrial> final{};
  bool out_of_time = false;  ///< not all neighbours of the best were tried
  std::string stopped{};     ///< by what, if it was; the rest of the result is partial

  /// The best, if fresh pairs have shown that it is faster than the usual setting; else that one.
  const TuneSetting& recommended() const;
  /// No neighbour of the best is better.
  bool complete() const { return stopped.empty() && !out_of_time; }
};

/// Sweeps around the best setting so far, until no neighbour is better by more than the noise. Each
/// is measured in turns with the best, so that drift of the machine meets both. Whoever wins of
/// many has been lucky, too: so the best is compared with the usual setting once more, in the end.
/// \pre \p usual is possible
TuneResult search(const TuneSetting& usual, const TuneBounds& bounds, const MeasurePair& measure,
                  const TuneRules& rules);

}  // namespace buddy::tools
