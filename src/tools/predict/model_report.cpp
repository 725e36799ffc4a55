// Writes the document of `buddy bench model`.
#include <algorithm>
#include <span>
#include <utility>

#include "tools/predict/host_run_json.hpp"
#include "tools/predict/model_document.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

Json json_of(const measure::Spread& spread) {
  return {{"median", spread.median}, {"min", spread.min}, {"max", spread.max}};
}

Json json_of(const std::vector<ModelPair>& pairs) {
  Json all = Json::array();
  for (const ModelPair& pair : pairs) {
    all.push_back({{"host_seconds", pair.host_seconds},
                   {"engine_seconds", pair.engine_seconds},
                   {"core_distance_ns", or_null(pair.core_distance_ns)},
                   {"engine_cpu_seconds", or_null(pair.engine_cpu_seconds)}});
  }
  return all;
}

Json json_of(const predict::EmulatedDpu& dpu) {
  return {{"slowdown", dpu.slowdown}, {"latency_us", dpu.latency_us}, {"gbit", or_null(dpu.gbit)}};
}

/// Adds low and high; null where the interval is not known.
void add_ends(Json& json, double predicted, const std::optional<predict::Interval>& interval) {
  json["low"] = interval ? Json(predicted * interval->low) : Json(nullptr);
  json["high"] = interval ? Json(predicted * interval->high) : Json(nullptr);
}

Json emulated_json(const EmulatedRuns& runs, const predict::JudgedEngine& judged,
                   const std::optional<predict::Interval>& interval) {
  const measure::Spread speedup = speedup_of(runs.pairs);
  Json json = json_of(runs.dpu);
  json.update({{"speedup", json_of(speedup)}, {"predicted", judged.predicted}});
  add_ends(json, judged.predicted, interval);
  json.update({{"error", judged.error},
               {"pays_measured", speedup.median > predict::worthwhile_speedup},
               {"decided", decided(runs.pairs)},
               {"pays_physical", judged.predicted > predict::worthwhile_speedup},
               {"pairs", json_of(runs.pairs)}});
  return json;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json result_of(const ModelPoint& point, const predict::JudgedPoint& judged,
               const predict::Evaluation& unseen) {
  Json emulated = Json::array();
  for (std::size_t k = 0; k < point.emulated.size(); ++k) {
    emulated.push_back(
        emulated_json(point.emulated[k], judged.emulated[k], unseen.extrapolation_interval));
  }
  Json json = {
      {"application", point.of.application},
      {"options", point.of.options},
      {"fabric", point.of.fabric},
      {"machine", point.machine},
      {"outside", point.of.outside},
      {"payload_bytes",
       point.run.messages > 0 ? Json(point.run.payload_bytes / point.run.messages) : Json(nullptr)},
      {"work", point.of.work},
      {"ratio", or_null(point.run.memory_to_communication_ratio)},
      {"speedup", json_of(point.speedup())},
      {"predicted", judged.predicted}};
  add_ends(json, judged.predicted, unseen.interval);
  json.update({{"learned", or_null(judged.learned)},
               {"error", judged.error},
               {"pays_measured", judged.pays},
               {"decided", judged.decided},
               {"pays_physical", judged.pays_physical},
               {"pays_rule", or_null(judged.pays_rule)},
               {"emulated", std::move(emulated)},
               {"pairs", json_of(point.pairs)},
               {"passed_over", text_or_null(point.passed_over)},
               {"run", to_json(point.run)}});
  return json;
}

/// Programs without any measurement.
Json missing_json(const std::vector<MissingProgram>& missing) {
  Json all = Json::array();
  for (const MissingProgram& one : missing) {
    all.push_back({{"application", one.of.application},
                   {"options", one.of.options},
                   {"fabric", one.of.fabric},
                   {"outside", one.of.outside},
                   {"work", one.of.work},
                   {"why", one.why}});
  }
  return all;
}

Json json_of(const predict::Interval& interval) {
  return {{"low", interval.low}, {"high", interval.high}};
}

Json learned_json(const Model& model) {
  if (!model.fitted.learned) return nullptr;
  Json json = {{"library", predict::LearnedModel::library()},
               {"features", predict::feature_names},
               {"offered", model.unseen.learned_is_better()}};
  add_ends(json, 1, model.unseen.learned_interval);
  return json;
}

Json fitted_json(const Model& model) {
  const predict::FittedModels& fitted = model.fitted;
  Json coefficients = Json::object();
  for (std::size_t i = 0; i < predict::coefficient_count; ++i) {
    coefficients[std::string(predict::coefficient_names[i])] = fitted.coefficients.values[i];
  }
  const Json rule = fitted.rule ? Json{{"threshold", fitted.rule->threshold},
                                       {"pays_above", fitted.rule->pays_above}}
                                : Json(nullptr);
  const auto& extrapolated = model.unseen.extrapolation_interval;
  Json json = {{"coefficients", std::move(coefficients)}, {"rule", rule}};
  add_ends(json, 1, model.unseen.interval);
  json.update({{"learned", learned_json(model)},
               {"extrapolated", extrapolated ? json_of(*extrapolated) : Json(nullptr)}});
  return json;
}

/// How far the pairs of a run lie apart, (max - min) / median, in the middle of all runs: no model
/// can be expected to be closer than what is measured is to itself.
double measured_spread(const Model& model) {
  std::vector<double> spreads;
  for (const ModelPoint& point : model.points) {
    const measure::Spread speedup = point.speedup();
    spreads.push_back((speedup.max - speedup.min) / speedup.median);
  }
  return spreads.empty() ? 0 : measure::spread_of(spreads).median;
}

/// Medians of the first and of the second half of the pairs, where there are at least two in each.
std::vector<std::pair<double, double>> halves_of(const Model& model) {
  std::vector<std::pair<double, double>> halves;
  for (const ModelPoint& point : model.points) {
    const std::span<const ModelPair> pairs(point.pairs);
    const std::size_t half = pairs.size() / 2;
    if (half < 2) continue;
    halves.emplace_back(speedup_of(pairs.first(half)).median, speedup_of(pairs.last(half)).median);
  }
  return halves;
}

Json json_of(const predict::Repeatability& repeated) {
  return {{"same_decision", or_null(repeated.same_decision)},
          {"median_error", or_null(repeated.median_error)},
          {"worst_error", or_null(repeated.worst_error)}};
}

Json json_of(const predict::Accuracy& accuracy) {
  return {{"programs", accuracy.programs},
          {"decided", accuracy.decided},
          {"median_error", or_null(accuracy.median_error)},
          {"worst_error", or_null(accuracy.worst_error)},
          {"right", or_null(accuracy.right)},
          {"right_decided", or_null(accuracy.right_decided)},
          {"held", or_null(accuracy.held)}};
}

Json extrapolation_json(const predict::Evaluation& unseen) {
  if (unseen.engines.empty()) return nullptr;
  Json engines = Json::array();
  for (const predict::EngineAccuracy& engine : unseen.engines) {
    Json one = json_of(engine.dpu);
    one.update({{"sweep", json_of(engine.sweep)}, {"outside", json_of(engine.outside)}});
    engines.push_back(std::move(one));
  }
  return {{"sweep", json_of(unseen.extrapolation)},
          {"outside", json_of(unseen.extrapolation_outside)},
          {"engines", std::move(engines)}};
}

Json summary_json(const Model& model) {
  const predict::Evaluation& unseen = model.unseen;
  const auto& rule = model.fitted.rule;
  return {{"runs", unseen.physical.programs},
          {"decided", unseen.physical.decided},
          {"measured_spread", measured_spread(model)},
          {"repeated", json_of(predict::repeatability(halves_of(model)))},
          {"physical", json_of(unseen.physical)},
          {"learned", json_of(unseen.learned)},
          {"rule",
           {{"right", or_null(unseen.rule.right)},
            {"right_decided", or_null(unseen.rule.right_decided)},
            {"threshold", rule ? Json(rule->threshold) : Json(nullptr)}}},
          {"outside", json_of(unseen.outside)},
          {"extrapolation", extrapolation_json(unseen)}};
}

}  // namespace

Json model_report(const Model& model, const std::vector<std::string>& command) {
  Json results = Json::array();
  for (std::size_t i = 0; i < model.points.size(); ++i) {
    results.push_back(result_of(model.points[i], model.unseen.points[i], model.unseen));
  }
  return {{"schema", model_schema},
          {"machine", *model.machine},
          {"calibration", *model.calibration},
          {"command", command},
          {"partial", model.partial()},
          {"missing", missing_json(model.missing)},
          {"results", std::move(results)},
          {"fitted", fitted_json(model)},
          {"summary", summary_json(model)}};
}

}  // namespace buddy::tools
