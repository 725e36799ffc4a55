#include "tools/tune/tune_search.hpp"

#include <set>

namespace buddy::tools {
namespace {

using Kind = TunePairResult::Kind;
using Outcome = TuneTrial::Outcome;

class Search {
 public:
  Search(const TuneBounds& bounds, const MeasurePair& measure, const TuneRules& rules,
         TuneResult& result)
      : bounds_(bounds), measure_(measure), rules_(rules), result_(result) {}

  void run();

 private:
  bool sweep();
  std::vector<TuneSetting> untried_neighbours();
  void compare(TuneTrial& trial);
  bool take_pair(TuneTrial& trial);
  bool has_time_for(int pairs);
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

/// How long a setting takes by what it was measured against.
measure::RatioInterval time_of(const measure::RatioInterval& ratio, double against_time) {
  return {against_time / ratio.estimate, against_time / ratio.high, against_time / ratio.low};
}

/// \pre nothing has ended the search
bool Search::has_time_for(int pairs) {
  if (rules_.has_time_for(pairs + rules_.fewest_final_pairs)) return true;
  result_.out_of_time = true;
  return false;
}

/// Takes pairs until they tell.
void Search::compare(TuneTrial& trial) {
  for (int pair = 1; pair <= rules_.most_pairs; ++pair) {
    if (pair > rules_.fewest_pairs) {
      if (!has_time_for(1)) return;
      rules_.expect(1);
    }
    if (!take_pair(trial)) return;
    if (pair < rules_.fewest_pairs) continue;
    if (trial.ratio->low > 1) {
      trial.outcome = Outcome::better;
      return;
    }
    if (trial.ratio->estimate <= 1) break;
  }
  trial.outcome = Outcome::not_better;
}

std::vector<TuneSetting> Search::untried_neighbours() {
  std::vector<TuneSetting> untried = neighbours(result_.best, bounds_);
  std::erase_if(untried, [&](const TuneSetting& one) { return !tried_.insert(one).second; });
  return untried;
}

/// \return whether a better setting was found
bool Search::sweep() {
  ++sweep_;
  std::optional<TuneTrial> winner;
  const auto untried = untried_neighbours();
  rules_.expect(static_cast<int>(untried.size()) * rules_.fewest_pairs);
  for (const TuneSetting& setting : untried) {
    if (!has_time_for(rules_.fewest_pairs)) break;
    TuneTrial trial{.sweep = sweep_, .setting = setting, .against = result_.best, .pairs = {}};
    compare(trial);
    if (trial.ratio) trial.relative_time = time_of(*trial.ratio, best_time_);
    if (!trial.pairs.empty() || trial.outcome == Outcome::failed) result_.trials.push_back(trial);
    if (trial.outcome == Outcome::better &&
        (!winner || trial.ratio->estimate > winner->ratio->estimate)) {
      winner = trial;
    }
    if (!result_.complete()) break;
  }
  if (!winner) return false;
  result_.best = winner->setting;
  best_time_ = winner->relative_time->estimate;
  return true;
}

void Search::compare_in_the_end() {
  if (result_.best == result_.usual) return;
  rules_.expect(rules_.final_pairs);
  TuneTrial trial{.sweep = 0, .setting = result_.best, .against = result_.usual, .pairs = {}};
  for (int pair = 1; pair <= rules_.final_pairs; ++pair) {
    if (pair > rules_.fewest_final_pairs && !rules_.has_time_for(1)) break;
    if (!take_pair(trial)) break;
  }
  if (trial.ratio && trial.outcome != Outcome::failed && result_.stopped.empty()) {
    trial.outcome = trial.ratio->low > 1 ? Outcome::better : Outcome::not_better;
    trial.relative_time = time_of(*trial.ratio, 1);
  }
  result_.final = std::move(trial);
}

void Search::run() {
  tried_.insert(result_.usual);
  while (sweep() && result_.complete()) {
  }
  if (result_.stopped.empty()) compare_in_the_end();
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

measure::RatioInterval ratio_of(const std::vector<TunePair>& pairs) {
  std::vector<double> ratios;
  for (const TunePair& pair : pairs) ratios.push_back(pair.best_seconds / pair.other_seconds);
  return measure::ratio_interval(ratios, measure::interval_level);
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
