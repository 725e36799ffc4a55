#include "tools/predict/predict_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "tools/predict/host_run_json.hpp"
#include "tools/report/json.hpp"
#include "tools/report/machine.hpp"
#include "tools/report/verdict_json.hpp"

namespace buddy::tools {
namespace {

using predict::Limit;
using predict::Prediction;

const char* reason_of(Limit limit) {
  switch (limit) {
    case Limit::host: return "the ranks' own work takes longest, and no engine can take that over";
    case Limit::engine: return "routing would keep the engines busy for longer than the ranks";
    case Limit::network:
      return "the network's library would keep the engines busy for longer than the ranks";
    case Limit::waiting: break;
  }
  return "most of the time nobody has anything to do: barriers and uneven load";
}

const char* words_of(double speedup, const std::optional<predict::Interval>& interval) {
  const bool pays = speedup > measure::worthwhile_speedup;
  const double far_end = interval ? speedup * (pays ? interval->low : interval->high) : 0;
  const bool sure = interval && (far_end > measure::worthwhile_speedup) == pays;
  if (pays) return sure ? "would pay" : "would probably pay";
  return sure ? "would not pay" : "would probably not pay";
}

/// What stands where an interval is not known.
constexpr const char* unknown_interval = "how far off is not known for such an engine";

/// The program's name for people: the last part of its path, without what a terminal would obey.
std::string name_of(const Json& profile) {
  const auto program = profile.find("program");
  const bool is_named = program != profile.end() && program->is_array() && !program->empty() &&
                        program->front().is_string();
  const std::string path = is_named ? program->front().get<std::string>() : std::string();
  std::string name = path.substr(path.rfind('/') + 1);
  std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
  return name.empty() ? "the program" : name;
}

measure::Verdict verdict_of(const std::string& name, const predict::EngineDescription& engine,
                            double predicted, const std::optional<predict::Interval>& interval,
                            const measure::Doubts& doubts) {
  if (!doubts.empty()) return {measure::Outcome::none, measure::no_verdict(name, doubts)};
  const std::string ends = interval ? fmt::format("{:.2f} to {:.2f}", predicted * interval->low,
                                                  predicted * interval->high)
                                    : std::string(unknown_interval);
  return {predicted > measure::worthwhile_speedup ? measure::Outcome::pays
                                                  : measure::Outcome::does_not_pay,
          fmt::format("Offloading {} for {}: predicted speedup {:.2f} ({}) on {}.",
                      words_of(predicted, interval), name, predicted, ends, engine.name)};
}

/// \return low and high are null where the interval is not known
Json speedup_json(double predicted, const std::optional<predict::Interval>& interval) {
  return {{"predicted", predicted},
          {"low", interval ? Json(predicted * interval->low) : Json(nullptr)},
          {"high", interval ? Json(predicted * interval->high) : Json(nullptr)}};
}

Json physical_of(const predict::HostRun& run, const Prediction& made,
                 const std::optional<predict::Interval>& interval, bool in_doubt) {
  const double speedup = run.seconds / made.seconds;
  return {{"speedup", speedup_json(speedup, interval)},
          {"limit", predict::to_string(made.limit)},
          {"pays", in_doubt ? Json(nullptr) : Json(speedup > measure::worthwhile_speedup)},
          {"seconds", {{"host_placement", run.seconds}, {"engine_placement", made.seconds}}},
          {"parts",
           {{"host", made.host_seconds},
            {"engine", made.engine_seconds},
            {"network", made.network_seconds},
            {"waiting", made.waiting_seconds}}},
          {"cpu_seconds_freed", made.cpu_seconds_freed},
          {"text", reason_of(made.limit)}};
}

/// What the learned model says, or why it says nothing.
Json learned_of(const predict::HostRun& run, const predict::EngineDescription& engine,
                const Model& model) {
  const auto& learned = model.fitted.learned;
  const auto without = [](const char* why) {
    return Json{{"offered", false}, {"speedup", nullptr}, {"text", why}};
  };
  if (!learned) return without("there is no learned model (built without its library)");
  if (engine.extrapolated) return without("not asked (it has learned from the normal engine only)");
  if (!model.unseen.learned_is_better()) {
    return without("not offered (it predicts the sweep's applications no better)");
  }
  const predict::SweepPoint point{.application = "", .run = run};
  const double speedup = predicted_speedup(point, engine, model.fitted.coefficients) *
                         learned->correction(point, engine, model.fitted.coefficients);
  // It is better at predicting programs of the sweep, so there are some, and an interval.
  const predict::Interval interval = model.unseen.learned_interval.value_or(predict::Interval{});
  return {{"offered", true},
          {"speedup", speedup_json(speedup, interval)},
          {"text",
           fmt::format("{:.2f}, nine in ten between {:.2f} and {:.2f}; median error {:.1f} % on "
                       "applications that it had not seen",
                       speedup, speedup * interval.low, speedup * interval.high,
                       model.unseen.learned.median_error.value_or(0) * 100)}};
}

/// How far off the model was on engines that it had not seen.
Json extrapolation_of(const predict::EngineDescription& engine, const Model& model) {
  if (!engine.extrapolated) return nullptr;
  const predict::Evaluation& unseen = model.unseen;
  const predict::Accuracy& sweep = unseen.extrapolation;
  if (!sweep.median_error) {
    return {{"median_error", nullptr},
            {"worst_error", nullptr},
            {"right_decided", nullptr},
            {"outside_median_error", nullptr},
            {"slowdowns", Json::array()},
            {"text", "the model has seen no such engine, and was compared with none"}};
  }
  const bool slower = !unseen.interval_for(engine);
  std::vector<double> slowdowns;
  for (const predict::EngineAccuracy& one : unseen.engines) slowdowns.push_back(one.dpu.slowdown);
  const auto& right = sweep.right_decided;
  const auto& outside = unseen.extrapolation_outside.median_error;
  return {{"median_error", *sweep.median_error},
          {"worst_error", or_null(sweep.worst_error)},
          {"right_decided", or_null(right)},
          {"outside_median_error", or_null(outside)},
          {"slowdowns", slowdowns},
          {"text",
           fmt::format(
               "the model has seen no such engine; on emulated ones, slowed down {} times, "
               "it was off by {:.0f} % in the median and {:.0f} % at worst{}{}{}",
               fmt::join(slowdowns, ", "), *sweep.median_error * 100,
               sweep.worst_error.value_or(0) * 100,
               right ? fmt::format(", and right in {:.0f} % of the decided programs", *right * 100)
                     : "",
               outside ? fmt::format("; on programs outside the sweep by {:.0f} % in the median",
                                     *outside * 100)
                       : "",
               slower ? "; this one is slower than all of them" : "")}};
}

/// What two hops mean for a prediction; null where messages took one.
Json forwarding_of(const Json& profile, const predict::HostRun& run) {
  const auto job = profile.find("job");
  const bool told = job != profile.end() && job->is_object() && job->contains("routing") &&
                    (*job)["routing"].is_string();
  const std::string routing = told ? (*job)["routing"].get<std::string>() : "direct";
  if (routing != "node" && routing != "grid") return nullptr;
  return {{"routing", routing},
          {"forwards", run.forwards},
          {"text",
           fmt::format("routing was {}, and {:.2f} of the messages were forwarded by a third "
                       "engine; that work is in the engines' part, as if they forwarded as much "
                       "(engines of whole nodes are fewer, and may need less)",
                       routing, run.forwards)}};
}

Json rule_of(const predict::HostRun& run, const Model& model) {
  const auto& ratio = run.memory_to_communication_ratio;
  const auto& rule = model.fitted.rule;
  Json json = {{"ratio", ratio ? Json(*ratio) : Json(nullptr)},
               {"threshold", rule ? Json(rule->threshold) : Json(nullptr)},
               {"pays", ratio && rule ? Json(rule->pays(*ratio)) : Json(nullptr)}};
  if (!ratio) {
    json["text"] =
        "the profile has no memory-to-communication ratio (memory traffic was not "
        "measured, or nothing went to another node)";
  } else if (!rule) {
    json["text"] = "the model has no threshold (it was fitted without memory traffic)";
  } else {
    json["text"] =
        fmt::format("a ratio of {:.2f} is {} the threshold of {:.2f}, and offloading pays {} it",
                    *ratio, *ratio >= rule->threshold ? "above" : "below", rule->threshold,
                    rule->pays_above ? "above" : "below");
  }
  return json;
}

Json sweep_json(const Model& model, const predict::EngineDescription& engine) {
  Json points = Json::array();
  const predict::Sweep sweep = sweep_of(model.points);
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    const auto& ratio = sweep[i].run.memory_to_communication_ratio;
    const measure::Spread speedup = model.points[i].speedup();
    points.push_back(
        {{"application", sweep[i].application},
         {"ratio", ratio ? Json(*ratio) : Json(nullptr)},
         {"speedup", {{"median", speedup.median}, {"min", speedup.min}, {"max", speedup.max}}},
         {"predicted", predicted_speedup(sweep[i], engine, model.fitted.coefficients)}});
  }
  return points;
}

/// Those outside the sweep only judge it.
std::size_t runs_fitted_on(const Model& model) {
  return static_cast<std::size_t>(
      std::count_if(model.points.begin(), model.points.end(),
                    [](const ModelPoint& point) { return !point.of.outside; }));
}

/// "1.42, nine in ten between 1.30 and 1.55"
std::string speedup_text(const Json& speedup) {
  const auto predicted = speedup["predicted"].get<double>();
  if (speedup["low"].is_null()) return fmt::format("{:.2f}, {}", predicted, unknown_interval);
  return fmt::format("{:.2f}, nine in ten between {:.2f} and {:.2f}", predicted,
                     speedup["low"].get<double>(), speedup["high"].get<double>());
}

}  // namespace

Json predict_report(const Json& profile, const predict::HostRun& run,
                    const predict::EngineDescription& engine, const Model& model,
                    const std::vector<std::string>& command) {
  const Prediction made = predict::predict(run, engine, model.fitted.coefficients);
  const auto& ratio = run.memory_to_communication_ratio;
  const measure::Doubts doubts = doubts_about(profile);
  const auto interval = model.unseen.interval_for(engine);
  const measure::Verdict verdict =
      verdict_of(name_of(profile), engine, run.seconds / made.seconds, interval, doubts);
  return {{"schema", "buddy.predict.v1"},
          {"machine", describe_machine().to_json()},
          {"command", command},
          {"verdict", json_of(verdict)},
          {"doubts", json_of(doubts)},
          {"profile",
           {{"program", profile.value("program", Json(nullptr))},
            {"seconds", run.seconds},
            {"memory_to_communication_ratio", ratio ? Json(*ratio) : Json(nullptr)},
            {"job", profile.value("job", Json(nullptr))}}},
          {"engine",
           {{"name", engine.name}, {"text", engine.text}, {"extrapolated", engine.extrapolated}}},
          {"forwarding", forwarding_of(profile, run)},
          {"model", {{"machine", *model.machine}, {"runs", runs_fitted_on(model)}}},
          {"physical", physical_of(run, made, interval, !doubts.empty())},
          {"extrapolation", extrapolation_of(engine, model)},
          {"learned", learned_of(run, engine, model)},
          {"ratio_rule", rule_of(run, model)},
          {"sweep", sweep_json(model, *predict::preset_engine("x86"))}};
}

std::string format_prediction(const Json& report) {
  const Json& physical = report["physical"];
  const Json& parts = physical["parts"];
  const Json& engine = report["engine"];
  const auto number = [](const Json& value) { return value.get<double>(); };
  std::string text = fmt::format("engine          {}: {}\n", engine["name"].get<std::string>(),
                                 engine["text"].get<std::string>());
  const Json& extrapolation = report["extrapolation"];
  if (!extrapolation.is_null()) {
    text +=
        fmt::format("                EXTRAPOLATED: {}\n", extrapolation["text"].get<std::string>());
  }
  const Json& forwarding = report["forwarding"];
  if (!forwarding.is_null()) {
    text += fmt::format("routing         {}\n", forwarding["text"].get<std::string>());
  }
  text += fmt::format("verdict         {}\n", report["verdict"]["text"].get<std::string>());
  const Json& doubts = report["doubts"];
  for (std::size_t i = 1; i < doubts.size(); ++i) {  // the verdict says the first one
    text += fmt::format("in doubt        {}\n", doubts[i]["text"].get<std::string>());
  }
  text += fmt::format("speedup         {}{}\n", speedup_text(physical["speedup"]),
                      doubts.empty() ? "" : ", if the profile were not in doubt");
  text += fmt::format(
      "seconds         {:.4f} in host placement, {:.4f} with engines: ranks {:.4f} beside engines "
      "{:.4f} routing + {:.4f} network, waiting {:.4f}\n",
      number(physical["seconds"]["host_placement"]),
      number(physical["seconds"]["engine_placement"]), number(parts["host"]),
      number(parts["engine"]), number(parts["network"]), number(parts["waiting"]));
  text += fmt::format("limit           {}: {}\n", physical["limit"].get<std::string>(),
                      physical["text"].get<std::string>());
  text += fmt::format("CPU time freed  {:.4f} s of the ranks'\n",
                      number(physical["cpu_seconds_freed"]));
  text += fmt::format("learned model   {}\n", report["learned"]["text"].get<std::string>());
  text += fmt::format("ratio rule      {}\n", report["ratio_rule"]["text"].get<std::string>());
  const Json& model = report["model"];
  text += fmt::format("fitted on       {} runs on {}\n", model["runs"].get<std::size_t>(),
                      model["machine"].value("cpu_model", std::string("an unknown machine")));
  return text;
}

}  // namespace buddy::tools
