#include "tools/tune/tune_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace buddy::tools {
namespace {

using Kind = TunePairResult::Kind;
using Outcome = TuneTrial::Outcome;

/// 97.5 % of Student's distribution lie below, by degrees of freedom from 1.
constexpr std::array<double, 10> student = {12.706, 4.303, 3.182, 2.776, 2.571,
                                            2.447,  2.365, 2.306, 2.262, 2.228};

double student_at(std::size_t freedom) { return student[std::min(freedom, student.size()) - 1]; }

class Search {
 public:
  Search(const TuneBounds& bounds, const MeasurePair& measure, const TuneRules& rules,
         TuneResult& result)
      : bounds_(bounds), measure_(measure), rules_(rules), result_(result) {}

  void run();

 private:
  bool sweep();
  TuneTrial try_setting(const TuneSetting& setting);
  bool take_pair(TuneTrial& trial);
  void compare_in_the_end();

  const TuneBounds& bounds_;
  const MeasurePair& measure_;
  const TuneRules& rules_;
  TuneResult& result_;
  std::set<TuneSetting> tried_;
  double best_time_ = 1.0;  ///< relative to the usual setting
  int sweep_ = 0;
};

/// \return false if nothing more is to be measured of this setting
bool Search::take_pair(TuneTrial& trial) {
  const TunePairResult result = measure_(trial.against, trial.setting);
  switch (result.kind) {
    case Kind::measured:
      trial.pairs.push_back(result.pair);
      if (trial.pairs.size() >= 2) trial.ratio = ratio_of(trial.pairs);
      return true;
    case Kind::failed:
      trial.outcome = Outcome::failed;
      trial.why = result.why;
      return false;
    case Kind::stopped: result_.stopped = result.why; return false;
  }
  return false;
}

TuneTrial Search::try_setting(const TuneSetting& setting) {
  TuneTrial trial{.sweep = sweep_, .setting = setting, .against = result_.best, .pairs = {}};
  for (int pair = 1; pair <= rules_.most_pairs; ++pair) {
    if (!take_pair(trial)) return trial;
    if (pair < rules_.fewest_pairs) continue;
    if (trial.ratio->low > 1) {
      trial.outcome = Outcome::better;
      break;
    }
    if (trial.ratio->estimate <= 1 || pair == rules_.most_pairs) {
      trial.outcome = Outcome::not_better;
      break;
    }
  }
  trial.relative_time = best_time_ / trial.ratio->estimate;
  return trial;
}

/// \return whether a better setting was found
bool Search::sweep() {
  ++sweep_;
  std::optional<TuneTrial> winner;
  for (const TuneSetting& setting : neighbours(result_.best, bounds_)) {
    if (!tried_.insert(setting).second) continue;
    if (rules_.time_is_up()) {
      result_.stopped = "the time limit";
      break;
    }
    const TuneTrial trial = try_setting(setting);
    if (!trial.pairs.empty() || trial.outcome == Outcome::failed) result_.trials.push_back(trial);
    if (trial.outcome == Outcome::better &&
        (!winner || trial.ratio->estimate > winner->ratio->estimate)) {
      winner = trial;
    }
    if (!result_.stopped.empty()) break;
  }
  if (!winner) return false;
  result_.best = winner->setting;
  best_time_ = winner->relative_time;
  return true;
}

void Search::compare_in_the_end() {
  if (result_.best == result_.usual) return;
  TuneTrial trial{.sweep = 0, .setting = result_.best, .against = result_.usual, .pairs = {}};
  while (static_cast<int>(trial.pairs.size()) < rules_.final_pairs && take_pair(trial)) {
  }
  if (trial.ratio && trial.outcome != Outcome::failed) {
    trial.outcome = trial.ratio->low > 1 ? Outcome::better : Outcome::not_better;
    trial.relative_time = 1 / trial.ratio->estimate;
  }
  result_.final = std::move(trial);
}

void Search::run() {
  tried_.insert(result_.usual);
  while (sweep() && result_.stopped.empty()) {
  }
  const bool out_of_time = result_.stopped == "the time limit";
  result_.complete = result_.stopped.empty();
  if (!result_.complete && !out_of_time) return;
  compare_in_the_end();
}

}  // namespace

const char* to_string(TuneTrial::Outcome outcome) {
  switch (outcome) {
    case Outcome::better: return "better";
    case Outcome::not_better: return "not_better";
    case Outcome::failed: return "failed";
    case Outcome::unfinished: break;
  }
  return "unfinished";
}

TuneRatio ratio_of(const std::vector<TunePair>& pairs) {
  std::vector<double> logs;
  double mean = 0;
  for (const TunePair& pair : pairs) {
    logs.push_back(std::log(pair.best_seconds / pair.other_seconds));
    mean += logs.back() / static_cast<double>(pairs.size());
  }
  double squares = 0;
  for (const double log : logs) squares += (log - mean) * (log - mean);
  const auto freedom = static_cast<double>(logs.size() - 1);
  const double error = std::sqrt(squares / freedom / static_cast<double>(logs.size()));
  const double reach = student_at(logs.size() - 1) * error;
  return {std::exp(mean), std::exp(mean - reach), std::exp(mean + reach)};
}

const TuneSetting& TuneResult::recommended() const {
  return final && final->outcome == Outcome::better ? best : usual;
}

TuneResult search(const TuneSetting& usual, const TuneBounds& bounds, const MeasurePair& measure,
                  const TuneRules& rules) {
  TuneResult result;
  result.usual = usual;
  result.best = usual;
  Search(bounds, measure, rules, result).run();
  return result;
}

}  // namespace buddy::tools
