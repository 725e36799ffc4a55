#include "predict/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace buddy::predict {
namespace {

/// All applications of the sweep but one; "" leaves nothing out.
Sweep sweep_without(const Sweep& sweep, const std::string& application) {
  Sweep others;
  std::copy_if(sweep.begin(), sweep.end(), std::back_inserter(others),
               [&](const SweepPoint& point) {
                 return !point.outside && (application.empty() || point.application != application);
               });
  return others;
}

JudgedPoint judge(const SweepPoint& point, const FittedModels& models,
                  const EngineDescription& engine) {
  JudgedPoint judged;
  judged.predicted = predicted_speedup(point, engine, models.coefficients);
  judged.error = std::abs(judged.predicted / point.speedup - 1);
  judged.pays = point.speedup > worthwhile_speedup;
  judged.decided = point.decided;
  judged.pays_physical = judged.predicted > worthwhile_speedup;
  const auto& ratio = point.run.memory_to_communication_ratio;
  if (models.rule && ratio) judged.pays_rule = models.rule->pays(*ratio);
  if (models.learned) {
    judged.learned =
        judged.predicted * models.learned->correction(point, engine, models.coefficients);
  }
  for (const EmulatedSpeedup& emulated : point.emulated) {
    const double predicted =
        predicted_speedup(point, emulated_engine(emulated.dpu), models.coefficients);
    judged.emulated.push_back({predicted, std::abs(predicted / emulated.speedup - 1)});
  }
  return judged;
}

/// The interval for an application, by the misses of all others; nothing if there are none.
std::optional<Interval> interval_without(const std::vector<Miss>& misses,
                                         const std::string& application) {
  std::vector<Miss> others;
  std::copy_if(misses.begin(), misses.end(), std::back_inserter(others),
               [&](const Miss& miss) { return miss.application != application; });
  return interval_of(others);
}

/// Sums up the normal engine.
void sum_up_normal(const Sweep& sweep, Evaluation& all) {
  std::vector<Miss> misses;
  std::vector<Miss> learned_misses;
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    if (sweep[i].outside) continue;
    misses.push_back({sweep[i].application, sweep[i].speedup / all.points[i].predicted});
    if (!all.points[i].learned) continue;
    learned_misses.push_back({sweep[i].application, sweep[i].speedup / *all.points[i].learned});
  }
  all.interval = interval_of(misses);
  all.learned_interval = interval_of(learned_misses);
  AccuracyCount physical;
  AccuracyCount outside;
  AccuracyCount learned;
  double asked = 0;
  double right = 0;
  double decided = 0;
  double decided_right = 0;
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    const SweepPoint& point = sweep[i];
    const JudgedPoint& judged = all.points[i];
    if (point.outside) {
      outside.add({judged.predicted, point.speedup, point.decided,
                   interval_without(misses, point.application)});
      continue;
    }
    physical.add({judged.predicted, point.speedup, point.decided,
                  interval_without(misses, point.application)});
    if (judged.learned) {
      learned.add({*judged.learned, point.speedup, point.decided,
                   interval_without(learned_misses, point.application)});
    }
    if (!judged.pays_rule) continue;
    const double agrees = *judged.pays_rule == judged.pays ? 1 : 0;
    asked += 1;
    right += agrees;
    decided += point.decided ? 1 : 0;
    decided_right += point.decided ? agrees : 0;
  }
  all.physical = physical.result();
  all.outside = outside.result();
  all.learned = learned.result();
  if (asked > 0) all.rule.right = right / asked;
  if (decided > 0) all.rule.right_decided = decided_right / decided;
}

/// Counts the programs of one emulated engine, or of all.
struct EngineCounts {
  AccuracyCount sweep;
  AccuracyCount outside;
};

/// Sums up the emulated engines.
void sum_up_emulated(const Sweep& sweep, Evaluation& all) {
  std::vector<Miss> misses;
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    if (sweep[i].outside) continue;
    for (std::size_t k = 0; k < sweep[i].emulated.size(); ++k) {
      misses.push_back({sweep[i].application,
                        sweep[i].emulated[k].speedup / all.points[i].emulated[k].predicted});
    }
  }
  all.extrapolation_interval = interval_of(misses);
  EngineCounts together;
  std::vector<EngineCounts> each;
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    const SweepPoint& point = sweep[i];
    const auto interval = interval_without(misses, point.application);
    for (std::size_t k = 0; k < point.emulated.size(); ++k) {
      const EmulatedSpeedup& measured = point.emulated[k];
      auto engine = std::find_if(all.engines.begin(), all.engines.end(),
                                 [&](const auto& one) { return one.dpu == measured.dpu; });
      if (engine == all.engines.end()) {
        engine = all.engines.insert(engine, EngineAccuracy{measured.dpu, {}, {}});
        each.emplace_back();
      }
      const AccuracyCount::Prediction made{all.points[i].emulated[k].predicted, measured.speedup,
                                           measured.decided, interval};
      for (EngineCounts* counts :
           {&each[static_cast<std::size_t>(engine - all.engines.begin())], &together}) {
        (point.outside ? counts->outside : counts->sweep).add(made);
      }
    }
  }
  for (std::size_t k = 0; k < each.size(); ++k) {
    all.engines[k].sweep = each[k].sweep.result();
    all.engines[k].outside = each[k].outside.result();
  }
  all.extrapolation = together.sweep.result();
  all.extrapolation_outside = together.outside.result();
}

}  // namespace

std::optional<Interval> Evaluation::interval_for(const EngineDescription& engine) const {
  if (!engine.extrapolated) return interval;
  constexpr double rounding = 1e-9;
  const bool within = std::any_of(engines.begin(), engines.end(), [&](const EngineAccuracy& one) {
    const double least_speed = 1 / one.dpu.slowdown - rounding;
    return engine.speed >= least_speed && engine.network_speed >= least_speed;
  });
  return within ? extrapolation_interval : std::nullopt;
}

bool Evaluation::learned_is_better() const {
  if (!learned.median_error || !physical.median_error) return false;
  return *learned.median_error < *physical.median_error &&
         learned.right_decided.value_or(0) >= physical.right_decided.value_or(0);
}

Repeatability repeatability(const std::vector<std::pair<double, double>>& halves) {
  if (halves.empty()) return {};
  std::vector<double> errors;
  double same = 0;
  for (const auto& [first, second] : halves) {
    errors.push_back(std::abs(first / second - 1));
    same += (first > worthwhile_speedup) == (second > worthwhile_speedup) ? 1 : 0;
  }
  return {.same_decision = same / static_cast<double>(halves.size()),
          .median_error = quantile(errors, 0.5),
          .worst_error = *std::max_element(errors.begin(), errors.end())};
}

FittedModels fit_models(const Sweep& sweep, const EngineDescription& engine) {
  const Sweep fitted_on = sweep_without(sweep, "");
  FittedModels models;
  models.coefficients = fit(fitted_on, engine);
  models.rule = fit_ratio_rule(fitted_on);
  models.learned = LearnedModel::fit(fitted_on, engine, models.coefficients);
  return models;
}

Evaluation evaluate(const Sweep& sweep, const EngineDescription& engine) {
  std::map<std::string, FittedModels> without;
  Evaluation all;
  for (const SweepPoint& point : sweep) {
    // Also for programs outside the sweep: other sizes of an application are no strangers to it.
    const std::string& left_out = point.application;
    auto found = without.find(left_out);
    if (found == without.end()) {
      found = without.emplace(left_out, fit_models(sweep_without(sweep, left_out), engine)).first;
    }
    all.points.push_back(judge(point, found->second, engine));
  }
  sum_up_normal(sweep, all);
  sum_up_emulated(sweep, all);
  return all;
}

}  // namespace buddy::predict
