#include "tools/predict/model_document.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "predict/engine_description.hpp"
#include "tools/predict/host_run_json.hpp"
#include "tools/predict/reference_model.hpp"
#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"
#include "tools/report/json_numbers.hpp"

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
                   {"core_distance_ns", or_null(pair.core_distance_ns)}});
  }
  return all;
}

Json result_of(const ModelPoint& point, const predict::JudgedPoint& judged,
               const predict::FittedModels& fitted) {
  return {
      {"application", point.of.application},
      {"options", point.of.options},
      {"fabric", point.of.fabric},
      {"payload_bytes",
       point.run.messages > 0 ? Json(point.run.payload_bytes / point.run.messages) : Json(nullptr)},
      {"work", point.of.work},
      {"ratio", or_null(point.run.memory_to_communication_ratio)},
      {"speedup", json_of(point.speedup())},
      {"predicted", judged.predicted},
      {"low", judged.predicted * fitted.low},
      {"high", judged.predicted * fitted.high},
      {"error", judged.error},
      {"pays_measured", judged.pays},
      {"decided", judged.decided},
      {"pays_physical", judged.pays_physical},
      {"pays_rule", or_null(judged.pays_rule)},
      {"pairs", json_of(point.pairs)},
      {"run", to_json(point.run)}};
}

Json fitted_json(const predict::FittedModels& fitted) {
  Json coefficients = Json::object();
  for (std::size_t i = 0; i < predict::coefficient_count; ++i) {
    coefficients[std::string(predict::coefficient_names[i])] = fitted.coefficients.values[i];
  }
  const Json rule = fitted.rule ? Json{{"threshold", fitted.rule->threshold},
                                       {"pays_above", fitted.rule->pays_above}}
                                : Json(nullptr);
  return {{"coefficients", std::move(coefficients)},
          {"rule", rule},
          {"low", fitted.low},
          {"high", fitted.high}};
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

std::ptrdiff_t decided_points(const predict::Evaluation& evaluation) {
  return std::count_if(evaluation.points.begin(), evaluation.points.end(),
                       [](const predict::JudgedPoint& point) { return point.decided; });
}

Status unusable(std::string_view why) {
  return {
      ErrorCode::corrupt,
      fmt::format("the model is not usable ({}) measure one with `buddy bench model --json`", why)};
}

/// Fitting leaves out each application in turn: time grows with both.
constexpr std::size_t most_results = 1000;
constexpr std::size_t most_applications = 50;
constexpr std::size_t most_pairs = 100'000;
constexpr std::size_t most_ranks_in_all = 20'000;

/// Reads the members of a result.
class PointReader {
 public:
  ModelPoint read(const Json& json) {
    ModelPoint point;
    point.of.application = text(json, "application");
    point.of.fabric = text(json, "fabric");
    point.of.work = static_cast<std::uint64_t>(numbers_.required(json, "work", ranges::work_units));
    for (const Json& option : array(json, "options", false)) {
      if (!option.is_string())
        numbers_.complain("'options' are no words");
      else
        point.of.options.push_back(option.get<std::string>());
    }
    for (const Json& pair : array(json, "pairs", true)) point.pairs.push_back(read_pair(pair));
    auto run = host_run_from_json(json.is_object() ? json.value("run", Json()) : Json());
    if (!run.ok()) numbers_.complain("its run: " + run.status().message());
    if (run.ok()) point.run = std::move(run.value());
    return point;
  }
  const std::string& problem() const { return numbers_.problem(); }

 private:
  ModelPair read_pair(const Json& json) {
    return {numbers_.required(json, "host_seconds", ranges::run_seconds),
            numbers_.required(json, "engine_seconds", ranges::run_seconds),
            numbers_.optional(json, "core_distance_ns", ranges::core_distance_ns)};
  }
  /// A short word of letters, as programs and fabrics are called.
  std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    std::string word = found != json.end() && found->is_string() ? found->get<std::string>() : "";
    const bool plain = std::all_of(word.begin(), word.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
    if (!word.empty() && word.size() <= 64 && plain) return word;
    numbers_.complain(fmt::format("'{}' is no name", key));
    return {};
  }
  Json array(const Json& json, const char* key, bool filled) {
    const auto found = json.find(key);
    if (found != json.end() && found->is_array() && found->size() <= most_pairs &&
        (!filled || !found->empty())) {
      return *found;
    }
    numbers_.complain(fmt::format("'{}' is no list{}", key, filled ? " of at least one" : ""));
    return Json::array();
  }

  NumberReader numbers_;
};

/// \return why the sweep cannot be fitted, or an empty text
std::string check_size(const std::vector<ModelPoint>& points) {
  std::set<std::string_view> applications;
  std::size_t ranks = 0;
  for (const ModelPoint& point : points) {
    applications.insert(point.of.application);
    ranks += point.run.ranks.size();
  }
  if (applications.size() > most_applications) {
    return fmt::format("it has {} applications, {} are possible", applications.size(),
                       most_applications);
  }
  if (ranks <= most_ranks_in_all) return {};
  return fmt::format("its runs have {} ranks in all, {} are possible", ranks, most_ranks_in_all);
}

/// \return what is wrong with the model's machine, or an empty text
std::string read_origin(const Json& document, Model& model) {
  model.machine = document.value("machine", Json::object());
  model.calibration = document.value("calibration", Json::object());
  if (!model.machine->is_object()) return "its machine is no object";
  if (!model.calibration->is_object()) return "its calibration is no object";
  if (!model.machine->value("cpu_model", Json("")).is_string()) return "its cpu_model is no text";
  NumberReader numbers;
  for (const char* key : {"ring_ns_per_byte", "wake_us"}) {
    numbers.optional(*model.calibration, key, ranges::cost);
  }
  return numbers.problem();
}

}  // namespace

Json model_report(const Model& model, const predict::Evaluation& evaluation,
                  const std::vector<std::string>& command) {
  Json results = Json::array();
  for (std::size_t i = 0; i < model.points.size(); ++i) {
    results.push_back(result_of(model.points[i], evaluation.points[i], model.fitted));
  }
  return {{"schema", model_schema},
          {"machine", *model.machine},
          {"calibration", *model.calibration},
          {"command", command},
          {"partial", model.partial},
          {"results", std::move(results)},
          {"fitted", fitted_json(model.fitted)},
          {"summary",
           {{"runs", model.points.size()},
            {"decided", decided_points(evaluation)},
            {"measured_spread", measured_spread(model)},
            {"repeated", json_of(predict::repeatability(halves_of(model)))},
            {"physical",
             {{"median_error", evaluation.median_error},
              {"worst_error", evaluation.worst_error},
              {"right", or_null(evaluation.physical.right)},
              {"right_decided", or_null(evaluation.physical.right_decided)}}},
            {"rule",
             {{"right", or_null(evaluation.rule.right)},
              {"right_decided", or_null(evaluation.rule.right_decided)},
              {"threshold",
               model.fitted.rule ? Json(model.fitted.rule->threshold) : Json(nullptr)}}}}}};
}

Json calibration_figures(const Calibration& calibration) {
  Json figures = Json::object();
  if (calibration.ring_send_ns_per_byte && calibration.ring_receive_ns_per_byte) {
    figures["ring_ns_per_byte"] =
        calibration.ring_send_ns_per_byte->median + calibration.ring_receive_ns_per_byte->median;
  }
  if (calibration.wake_us) figures["wake_us"] = calibration.wake_us->median;
  return figures;
}

predict::MachineScale machine_scale(const Model& model, const Calibration& here) {
  const Json mine = calibration_figures(here);
  const auto ratio = [&](const char* key) {
    NumberReader numbers;
    const auto now = numbers.optional(mine, key, ranges::cost);
    const auto then = numbers.optional(*model.calibration, key, ranges::cost);
    return now && then ? *now / *then : 1.0;
  };
  return {.ring = ratio("ring_ns_per_byte"), .wake = ratio("wake_us")};
}

Result<Model> read_model(const Json& document) {
  const auto schema = document.is_object() ? document.value("schema", Json()) : Json();
  if (schema != model_schema) {
    return Status(ErrorCode::invalid_argument,
                  fmt::format("this is no model of this version (its schema is {} instead of "
                              "\"{}\") measure one with `buddy bench model --json`",
                              shown(schema), model_schema));
  }
  const auto results = document.find("results");
  if (results == document.end() || !results->is_array() || results->empty()) {
    return unusable("it has no results");
  }
  if (results->size() > most_results) {
    return unusable(
        fmt::format("it has {} results, {} are possible", results->size(), most_results));
  }
  Model model;
  std::string wrong = read_origin(document, model);
  for (std::size_t i = 0; i < results->size() && wrong.empty(); ++i) {
    PointReader reader;
    model.points.push_back(reader.read((*results)[i]));
    if (!reader.problem().empty()) wrong = fmt::format("result {}: {}", i + 1, reader.problem());
  }
  if (wrong.empty()) wrong = check_size(model.points);
  if (!wrong.empty()) return unusable(wrong);
  model.fitted = predict::fit_models(sweep_of(model.points), *predict::preset_engine("x86"));
  return model;
}

Result<Model> load_model(const std::string& path) {
  const auto document =
      read_json_file(path, "name a file that `buddy bench model --json` has written");
  if (!document.ok()) return document.status();
  auto model = read_model(document.value());
  return model.ok() ? std::move(model) : in_file(path, model.status());
}

const Model& reference_model() {
  static const Model model = [] {
    auto read = read_model(Json::parse(reference_model_text(), nullptr, false));
    return read.ok() ? std::move(read.value()) : Model{};
  }();
  return model;
}

std::string format_model(const Json& report) {
  std::string text = fmt::format(
      "  {:<12} {:<6} {:>6} {:>8} {:>8}  {:<22} {:>9} {:>6}  {}\n", "application", "fabric", "work",
      "bytes", "ratio", "speedup [min..max]", "predicted", "error", "pays: is, says, rule");
  const auto number = [](const Json& value, int digits) {
    return value.is_number() ? fmt::format("{:.{}f}", value.get<double>(), digits)
                             : std::string("-");
  };
  const auto yes = [](const Json& value) {
    return value.is_boolean() ? (value.get<bool>() ? "yes" : "no") : "-";
  };
  for (const Json& result : report["results"]) {
    const Json& speedup = result["speedup"];
    text += fmt::format("  {:<12} {:<6} {:>6} {:>8} {:>8}  {:<22} {:>9} {:>6}  {}, {}, {}\n",
                        result["application"].get<std::string>(),
                        result["fabric"].get<std::string>(), result["work"].get<std::uint64_t>(),
                        number(result["payload_bytes"], 0), number(result["ratio"], 1),
                        fmt::format("{} [{}..{}]", number(speedup["median"], 2),
                                    number(speedup["min"], 2), number(speedup["max"], 2)),
                        number(result["predicted"], 2),
                        fmt::format("{:.0f} %", result["error"].get<double>() * 100),
                        yes(result["pays_measured"]), yes(result["pays_physical"]),
                        yes(result["pays_rule"]));
  }
  text += fmt::format(
      "measured speedups of a program: (max - min) / median is {:.0f} % in the middle of all\n",
      report["summary"]["measured_spread"].get<double>() * 100);
  const Json& repeated = report["summary"]["repeated"];
  if (repeated["same_decision"].is_number()) {
    text += fmt::format(
        "measured twice, by the two halves of the pairs: median difference {:.1f} %, worst {:.1f} "
        "%, the same decision {:.1f} %\n",
        repeated["median_error"].get<double>() * 100, repeated["worst_error"].get<double>() * 100,
        repeated["same_decision"].get<double>() * 100);
  }
  const Json& physical = report["summary"]["physical"];
  const Json& rule = report["summary"]["rule"];
  const auto share = [](const Json& value) {
    return value.is_number() ? fmt::format("{:.1f} %", value.get<double>() * 100)
                             : std::string("unknown");
  };
  text += fmt::format(
      "physical model, each application predicted by a fit on the others: median error {:.1f} %, "
      "worst {:.1f} %\n",
      physical["median_error"].get<double>() * 100, physical["worst_error"].get<double>() * 100);
  text += fmt::format(
      "  right decisions {}; {} of the {} programs whose pairs agree on the answer but for a "
      "fifth\n",
      share(physical["right"]), share(physical["right_decided"]),
      report["summary"]["decided"].get<std::size_t>());
  if (rule["right"].is_number()) {
    text += fmt::format(
        "rule of the memory-to-communication ratio: threshold {:.2f}\n"
        "  right decisions {}; {} of those programs\n",
        rule["threshold"].get<double>(), share(rule["right"]), share(rule["right_decided"]));
  } else {
    text += "rule of the memory-to-communication ratio: memory traffic was not measured\n";
  }
  return text;
}

}  // namespace buddy::tools
