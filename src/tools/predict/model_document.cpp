#include "tools/predict/model_document.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "predict/engine_description.hpp"
#include "tools/predict/emulated_dpus.hpp"
#include "tools/predict/host_run_json.hpp"
#include "tools/predict/reference_model.hpp"
#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"
#include "tools/report/json_numbers.hpp"

namespace buddy::tools {
namespace {

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
constexpr std::size_t most_line = 500;

bool is_line(const std::string& text) {
  return text.size() <= most_line && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return c >= 0x20 && c != 0x7f;
         });
}

/// Reads the members of a result.
class PointReader {
 public:
  ModelPoint read(const Json& json) {
    ModelPoint point;
    point.of = read_case(json);
    point.passed_over = line(json, "passed_over");
    point.pairs = read_pairs(json);
    const bool has_emulated = json.is_object() && json.contains("emulated");
    for (const Json& runs : has_emulated ? array(json, "emulated", false) : Json::array()) {
      point.emulated.push_back(read_emulated(runs));
    }
    auto run = host_run_from_json(json.is_object() ? json.value("run", Json()) : Json());
    if (!run.ok()) numbers_.complain("its run: " + run.status().message());
    if (run.ok()) point.run = std::move(run.value());
    return point;
  }
  MissingProgram read_missing(const Json& json) {
    return {.of = read_case(json), .why = line(json, "why")};
  }
  const std::string& problem() const { return numbers_.problem(); }

 private:
  ModelCase read_case(const Json& json) {
    ModelCase of;
    of.application = text(json, "application");
    of.fabric = text(json, "fabric");
    of.work = static_cast<std::uint64_t>(numbers_.required(json, "work", ranges::work_units));
    for (const Json& option : array(json, "options", false)) {
      if (!option.is_string())
        numbers_.complain("'options' are no words");
      else
        of.options.push_back(option.get<std::string>());
    }
    const Json outside = json.is_object() ? json.value("outside", Json(false)) : Json(false);
    if (!outside.is_boolean()) numbers_.complain("'outside' is neither true nor false");
    of.outside = outside == true;
    return of;
  }
  /// One line for people, or nothing.
  std::string line(const Json& json, const char* key) {
    const Json found = json.is_object() ? json.value(key, Json()) : Json();
    if (found.is_null()) return {};
    if (found.is_string() && is_line(found.get<std::string>())) return found.get<std::string>();
    numbers_.complain(fmt::format("'{}' is not one line of text", key));
    return {};
  }
  std::vector<ModelPair> read_pairs(const Json& json) {
    std::vector<ModelPair> pairs;
    for (const Json& pair : array(json, "pairs", true)) pairs.push_back(read_pair(pair));
    return pairs;
  }
  EmulatedRuns read_emulated(const Json& json) {
    EmulatedRuns runs;
    runs.dpu.slowdown = numbers_.required(json, "slowdown", emulated_slowdown);
    runs.dpu.latency_us = numbers_.required(json, "latency_us", emulated_latency_us);
    runs.dpu.gbit = numbers_.optional(json, "gbit", emulated_gbit);
    runs.pairs = read_pairs(json);
    return runs;
  }
  ModelPair read_pair(const Json& json) {
    return {numbers_.required(json, "host_seconds", ranges::run_seconds),
            numbers_.required(json, "engine_seconds", ranges::run_seconds),
            numbers_.optional(json, "core_distance_ns", ranges::core_distance_ns),
            numbers_.optional(json, "engine_cpu_seconds", ranges::part_seconds)};
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

/// The machine of a result; older files have one for all. \return what is wrong, or an empty text
std::string read_machine(const Json& result, const Model& model, ModelPoint& point) {
  const Json machine = result.is_object() ? result.value("machine", Json()) : Json();
  if (machine.is_null()) {
    point.machine = machine_words(*model.machine);
  } else if (machine.is_string()) {
    point.machine = machine.get<std::string>();
  }
  if (is_line(point.machine) && (machine.is_null() || machine.is_string())) return {};
  return "'machine' is not one line of text";
}

/// Every emulated DPU of a result is another one.
bool has_doubles(const ModelPoint& point) {
  for (std::size_t i = 0; i < point.emulated.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (point.emulated[i].dpu == point.emulated[k].dpu) return true;
    }
  }
  return false;
}

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

/// \return what is wrong with the programs that are missing, or an empty text
std::string read_missing(const Json& document, Model& model) {
  const Json missing = document.value("missing", Json::array());
  if (!missing.is_array() || missing.size() > most_results) return "'missing' is no list";
  for (const Json& one : missing) {
    PointReader reader;
    model.missing.push_back(reader.read_missing(one));
    if (!reader.problem().empty()) return "a missing program: " + reader.problem();
  }
  return {};
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

std::string machine_words(const Json& machine) {
  const auto words = [&](const char* key) {
    const Json found = machine.value(key, Json());
    return found.is_string() ? found.get<std::string>() : std::string("unknown");
  };
  return fmt::format("{}, {}", words("cpu_model"), words("topology"));
}

void fit_and_judge(Model& model) {
  const predict::EngineDescription engine = *predict::preset_engine("x86");
  const predict::Sweep sweep = sweep_of(model.points);
  model.fitted = predict::fit_models(sweep, engine);
  model.unseen = predict::evaluate(sweep, engine);
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
    std::string problem = reader.problem();
    ModelPoint& point = model.points.back();
    if (problem.empty()) problem = read_machine((*results)[i], model, point);
    if (problem.empty() && has_doubles(point)) problem = "an emulated DPU is there twice";
    if (!problem.empty()) wrong = fmt::format("result {}: {}", i + 1, problem);
  }
  if (wrong.empty()) wrong = read_missing(document, model);
  model.stopped = model.missing.empty() && document.value("partial", Json(false)) == true;
  if (wrong.empty()) wrong = check_size(model.points);
  if (!wrong.empty()) return unusable(wrong);
  fit_and_judge(model);
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

}  // namespace buddy::tools
