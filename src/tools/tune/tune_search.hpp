// The search for the best knobs: plain logic, whatever a setting costs and however that is
// measured.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

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

/// How many times as fast a setting is as the one that it was tried against.
struct TuneRatio {
  double estimate = 1;
  double low = 0;
  double high = 0;
};
/// Of at least two pairs: the geometric mean of the ratios, and where it lies with a confidence of
/// 95 %.
TuneRatio ratio_of(const std::vector<TunePair>& pairs);

/// A setting that was tried against the best one so far.
struct TuneTrial {
  enum class Outcome { better, not_better, failed, unfinished };
  int sweep = 0;  ///< 1 for the first; 0: the comparison in the end
  TuneSetting setting;
  TuneSetting against;
  std::vector<TunePair> pairs;
  std::optional<TuneRatio> ratio{};  ///< of two pairs or more
  Outcome outcome = Outcome::unfinished;
  std::string why{};           ///< it failed
  double relative_time = 1.0;  ///< to that of the usual setting, by all ratios on the way
};
const char* to_string(TuneTrial::Outcome outcome);

struct TuneRules {
  int fewest_pairs = 3;  ///< after which a setting that is no faster is dropped
  int most_pairs = 7;    ///< of a setting that may be faster
  int final_pairs = 11;
  std::function<bool()> time_is_up = [] { return false; };  ///< asked before each setting
};

struct TuneResult {
  TuneSetting usual;
  TuneSetting best;  ///< found; see recommended()
  std::vector<TuneTrial> trials;
  std::optional<TuneTrial>
      final{};            ///< best against usual, in fresh pairs; nothing if they are one
  bool complete = false;  ///< no neighbour of the best is better
  std::string stopped{};  ///< by what, if it was; the rest of the result is partial

  /// The best, if fresh pairs have shown that it is faster than the usual setting; else that one.
  const TuneSetting& recommended() const;
};

/// Sweeps around the best setting so far, until no neighbour is better by more than the noise. Each
/// is measured in turns with the best, so that drift of the machine meets both. Whoever wins of
/// many has been lucky, too: so the best is compared with the usual setting once more, in the end.
/// \pre \p usual is possible
TuneResult search(const TuneSetting& usual, const TuneBounds& bounds, const MeasurePair& measure,
                  const TuneRules& rules);

}  // namespace buddy::tools
