#include "tools/study/study_figures.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "measure/statistics.hpp"
#include "tools/report/json.hpp"
#include "tools/study/message_costs.hpp"

namespace buddy::tools {
namespace {

constexpr std::string_view paper_prefix = "paper-";
constexpr std::string_view work_prefix = "work-";
constexpr std::string_view slow_prefix = "slow-";
constexpr std::string_view tune_prefix = "tune-";
/// Without any delay and not slowed down: what the emulation itself costs.
constexpr std::string_view emulation_step = "emulation";

Json number_or_null(const Json& value) { return value.is_number() ? value : Json(nullptr); }

Json items_of(const Json& json, const char* key) {
  Json found = member(json, {key});
  return found.is_array() ? found : Json::array();
}

/// Median over a report's runs of one workload in one place; null if one of them has no figure.
Json median_of(const Json& report, const std::string& workload, const std::string& place,
               const char* key) {
  std::vector<double> values;
  for (const Json& run : items_of(report, "results")) {
    if (member(run, {"workload"}) != workload || member(run, {"placement"}) != place) continue;
    const Json value = member(run, {key});
    if (!value.is_number()) return nullptr;
    values.push_back(value.get<double>());
  }
  if (values.empty()) return nullptr;
  return measure::spread_of(std::move(values)).median;
}

/// The emulated DPU of a report; null for other places.
Json dpu_of(const Json& report, const std::string& place) {
  if (place != "dpu") return nullptr;
  for (const Json& run : items_of(report, "results")) {
    if (!member(run, {"dpu", "slowdown"}).is_number()) continue;
    return {{"slowdown", member(run, {"dpu", "slowdown"})},
            {"latency_us", number_or_null(member(run, {"dpu", "latency_us"}))},
            {"gbit", number_or_null(member(run, {"dpu", "gbit"}))}};
  }
  return nullptr;
}

/// How slow the engine of a place is: 1, or that of the emulation; null for other places.
Json slowdown_of(const std::string& place, const Json& dpu) {
  return place == "engine" ? Json(1) : member(dpu, {"slowdown"});
}

/// What a report says of one place.
Json place_json(const Json& report, const std::string& workload, const std::string& place,
                const Json& medians) {
  const Json dpu = dpu_of(report, place);
  return {
      {"place", place},
      {"slowdown", slowdown_of(place, dpu)},
      {"dpu", dpu},
      {"seconds", number_or_null(member(medians, {"seconds", "median"}))},
      {"host_cpu_utilization", number_or_null(member(medians, {"host_cpu_utilization", "median"}))},
      {"engine_cpu_utilization",
       number_or_null(member(medians, {"engine_cpu_utilization", "median"}))},
      {"host_cpu_seconds", median_of(report, workload, place, "host_cpu_seconds")},
      {"engine_cpu_seconds", median_of(report, workload, place, "engine_cpu_seconds")},
      {"messages", median_of(report, workload, place, "messages")},
      {"dram_bytes_host", median_of(report, workload, place, "dram_bytes_host")},
      {"dram_bytes_engine", median_of(report, workload, place, "dram_bytes_engine")}};
}

/// What was measured beside other work is no figure.
Json comparisons_of(const Json& summary) {
  Json all = Json::array();
  for (const Json& one : items_of(summary, "comparisons")) {
    const bool in_doubt = member(one, {"outcome"}) == "none";
    const auto figure = [&](const char* key) {
      return in_doubt ? Json(nullptr) : number_or_null(member(one, {key}));
    };
    all.push_back({{"of", member(one, {"of"})},
                   {"over", member(one, {"over"})},
                   {"speedup", figure("speedup")},
                   {"low", figure("low")},
                   {"high", figure("high")},
                   {"pairs", number_or_null(member(one, {"pairs"}))},
                   {"outcome", member(one, {"outcome"})}});
  }
  return all;
}

/// One program of a benchmark in all places. \param program the workload, with what was typed
Json program_json(const std::string& step, const Json& report, const std::string& workload,
                  const std::string& program) {
  const Json summary = member(report, {"summary", workload.c_str()});
  Json places = Json::array();
  const Json medians = member(summary, {"medians"});
  if (medians.is_object()) {
    for (const auto& [place, figures] : medians.items()) {
      places.push_back(place_json(report, workload, place, figures));
    }
  }
  return {{"step", step},
          {"program", program},
          {"ratio", median_of(report, workload, "host", "memory_to_communication_ratio")},
          {"places", places},
          {"comparisons", comparisons_of(summary)}};
}

Json programs_of(const std::string& step, const Json& report) {
  Json programs = Json::array();
  const Json summary = member(report, {"summary"});
  if (!summary.is_object()) return programs;
  const bool has_work = step.starts_with(work_prefix);
  for (const auto& [workload, ignored] : summary.items()) {
    const std::string program =
        has_work ? workload + " --work " + step.substr(work_prefix.size()) : workload;
    programs.push_back(program_json(step, report, workload, program));
  }
  return programs;
}

/// Ratios of the programs by their names: a slower engine does not change what ranks do.
std::map<std::string, Json> ratios_of(const Json& programs) {
  std::map<std::string, Json> ratios;
  for (const Json& one : programs) {
    const std::string step = one["step"];
    if (step != "paper-cache" && !step.starts_with(work_prefix)) continue;
    ratios[one["program"].get<std::string>()] = one["ratio"];
  }
  return ratios;
}

/// What a program's \p place says under \p key.
Json figure_in(const Json& program, const Json& place, const char* key) {
  for (const Json& one : program["places"]) {
    if (one["place"] == place) return one[key];
  }
  return nullptr;
}

/// What CPU times lead to expect of a comparison; null unless it is over `shared`.
Json expected_of(const std::vector<MessageCosts>& costs, const Json& program, const Json& one) {
  const auto own = find_costs(costs, program["program"].get<std::string>());
  const Json slowdown = figure_in(program, one["of"], "slowdown");
  if (one["over"] != "shared" || !own || !slowdown.is_number()) return nullptr;
  return own->expected_speedup(slowdown.get<double>());
}

/// Speedups over ranks that share their cores and over ranks that route, by how slow an engine is.
Json points_of(const Json& programs) {
  const auto ratios = ratios_of(programs);
  const auto costs = message_costs(programs);
  Json points = Json::array();
  for (const Json& program : programs) {
    const std::string step = program["step"];
    if (step == emulation_step || step == "paper-memory") continue;
    const auto ratio = ratios.find(program["program"].get<std::string>());
    for (const Json& one : program["comparisons"]) {
      const bool over_host = one["over"] == "shared" || one["over"] == "host";
      if ((one["of"] != "engine" && one["of"] != "dpu") || !over_host) continue;
      points.push_back({{"program", program["program"]},
                        {"step", step},
                        {"of", one["of"]},
                        {"over", one["over"]},
                        {"slowdown", figure_in(program, one["of"], "slowdown")},
                        {"dpu", figure_in(program, one["of"], "dpu")},
                        {"ratio", ratio == ratios.end() ? Json(nullptr) : ratio->second},
                        {"expected", expected_of(costs, program, one)},
                        {"speedup", one["speedup"]},
                        {"low", one["low"]},
                        {"high", one["high"]},
                        {"outcome", one["outcome"]}});
    }
  }
  return points;
}

Json emulation_of(const Json& programs) {
  Json costs = Json::array();
  for (const Json& program : programs) {
    if (program["step"] != emulation_step) continue;
    for (const Json& one : program["comparisons"]) {
      if (one["of"] != "dpu" || one["over"] != "engine") continue;
      costs.push_back({{"program", program["program"]},
                       {"speedup", one["speedup"]},
                       {"low", one["low"]},
                       {"high", one["high"]}});
    }
  }
  return costs;
}

/// The report of a step, or nothing.
const Json* find_report(const StepReports& reports, const char* step) {
  const auto found = std::find_if(reports.begin(), reports.end(),
                                  [&](const auto& one) { return one.first == step; });
  return found == reports.end() ? nullptr : &*found->second;
}

Json dca_of(const StepReports& reports) {
  const Json* report = find_report(reports, "dca");
  if (report == nullptr) return nullptr;
  Json programs = Json::array();
  for (const Json& one : items_of(*report, "results")) {
    programs.push_back(
        {{"program", member(one, {"application"})},
         {"ratio", number_or_null(member(one, {"ratio"}))},
         {"dca_per_inbound_byte", number_or_null(member(one, {"dca", "per_inbound_byte"}))},
         {"no_dca_per_inbound_byte", number_or_null(member(one, {"no_dca", "per_inbound_byte"}))},
         {"dca_first_read_bytes", number_or_null(member(one, {"dca", "first_read_bytes"}))},
         {"dca_dram_bytes", number_or_null(member(one, {"dca", "dram_bytes"}))}});
  }
  return {{"programs", programs},
          {"buffer_schemes", items_of(*report, "buffer_schemes")},
          {"many_ranks", items_of(*report, "many_ranks")}};
}

Json model_of(const StepReports& reports) {
  const Json* report = find_report(reports, "model");
  if (report == nullptr) return nullptr;
  return {{"summary", member(*report, {"summary"})}};
}

}  // namespace

Json member(const Json& json, std::initializer_list<const char*> keys) {
  const Json* at = &json;
  for (const char* key : keys) {
    const auto found = at->find(key);  // end() if it is no object
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return *at;
}

Json study_figures(const StepReports& reports) {
  Json programs = Json::array();
  Json tuned = Json::array();
  for (const auto& [step, report] : reports) {
    const std::string_view name = step;
    if (name.starts_with(paper_prefix) || name.starts_with(work_prefix) ||
        name.starts_with(slow_prefix) || name == emulation_step) {
      for (Json& one : programs_of(step, *report)) programs.push_back(std::move(one));
    } else if (name.starts_with(tune_prefix)) {
      tuned.push_back({{"step", step}, {"report", *report}});
    }
  }
  return {{"programs", programs},
          {"points", points_of(programs)},
          {"emulation", emulation_of(programs)},
          {"tuned", tuned},
          {"dca", dca_of(reports)},
          {"model", model_of(reports)}};
}

}  // namespace buddy::tools
