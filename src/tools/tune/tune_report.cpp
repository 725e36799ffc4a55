#include "tools/tune/tune_report.hpp"

#include <fmt/format.h>

#include "launch/plan_routes.hpp"
#include "tools/report/dpu_json.hpp"
#include "tools/report/json.hpp"
#include "wire/routes.hpp"

namespace buddy::tools {
namespace {

Json json_of(const TuneSetting& setting) {
  return {{"block_bytes", setting.block_bytes},
          {"ring_blocks", setting.ring_blocks},
          {"workers", setting.workers},
          {"hold_us", setting.hold_us}};
}

Json json_of(const measure::Spread& spread) {
  return {{"median", spread.median}, {"min", spread.min}, {"max", spread.max}};
}

Json timed(const TuneSetting& setting, const TuneResult& result) {
  Json json = json_of(setting);
  json["seconds"] = json_of(seconds_of(setting, result));
  return json;
}

Json json_of(const TuneKnob& knob) {
  const bool turned = knob.why_not.empty();
  return {{"option", knob.option},
          {"turned", turned},
          {"why_not", turned ? Json(nullptr) : Json(knob.why_not)}};
}

Json json_of(const std::optional<measure::RatioInterval>& ratio) {
  if (!ratio) return nullptr;
  return {{"estimate", ratio->estimate},
          {"low", ratio->low},
          {"high", ratio->high},
          {"level", measure::interval_level}};
}

Json json_of(const TuneTrial& trial) {
  Json json = json_of(trial.setting);
  std::vector<double> seconds;
  for (const TunePair& pair : trial.pairs) seconds.push_back(pair.other_seconds);
  json["seconds"] = seconds.empty() ? Json(nullptr) : json_of(measure::spread_of(seconds));
  json["against"] = json_of(trial.against);
  json["sweep"] = trial.sweep;
  json["pairs"] = Json::array();
  for (const TunePair& pair : trial.pairs) {
    json["pairs"].push_back(
        {{"against_seconds", pair.best_seconds}, {"seconds", pair.other_seconds}});
  }
  json["speedup"] = json_of(trial.ratio);
  json["relative_time"] = json_of(trial.relative_time);
  json["outcome"] = to_string(trial.outcome);
  json["why"] = trial.why.empty() ? Json(nullptr) : Json(trial.why);
  return json;
}

}  // namespace

measure::Spread seconds_of(const TuneSetting& setting, const TuneResult& result) {
  std::vector<double> seconds;
  const auto add = [&](const TuneTrial& trial) {
    for (const TunePair& pair : trial.pairs) {
      if (trial.against == setting) seconds.push_back(pair.best_seconds);
      if (trial.setting == setting) seconds.push_back(pair.other_seconds);
    }
  };
  for (const TuneTrial& trial : result.trials) add(trial);
  if (result.final) add(*result.final);
  return measure::spread_of(std::move(seconds));
}

Json tune_report(const TuneReport& report, const Machine& machine,
                 const std::vector<std::string>& command) {
  const TuneResult& result = report.result;
  Json json;
  json["schema"] = "buddy.tune.v1";
  json["machine"] = machine.to_json();
  json["command"] = command;
  json["partial"] = !result.stopped.empty();
  json["answer"] = tune_answer(report);
  json["options"] = options_text(result.recommended(), result.usual);
  json["workload"] = report.workload;
  json["program"] = report.program;
  json["placement"] = launch::to_string(report.plan.placement);
  json["dpu"] = json_of(report.plan.dpu);
  json["fabric"] = report.plan.fabric;
  json["routing"] = wire::to_string(launch::planned_map(report.plan).routing);
  json["ranks"] = report.plan.ranks;
  json["nodes"] = report.plan.nodes;
  json["knobs"] = Json::array();
  for (const TuneKnob& knob : report.knobs.knobs) json["knobs"].push_back(json_of(knob));
  json["usual"] = timed(result.usual, result);
  json["best"] = timed(result.recommended(), result);
  json["final"] = result.final ? json_of(*result.final) : Json(nullptr);
  json["complete"] = result.complete();
  json["settings"] = Json::array();
  for (const TuneTrial& trial : result.trials) json["settings"].push_back(json_of(trial));
  return json;
}

}  // namespace buddy::tools
