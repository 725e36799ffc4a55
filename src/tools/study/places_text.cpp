#include "tools/study/places_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "tools/bench/paper_suite.hpp"
#include "tools/report/json.hpp"
#include "tools/study/markdown.hpp"
#include "tools/study/study_figures.hpp"

namespace buddy::tools {
namespace {

std::string reported(const Json& program) {
  for (const SuiteEntry& entry : paper_suite()) {
    if (program == entry.workload) return markdown_text(entry.reported);
  }
  return dash;
}

std::string speedup(const Json& program, const std::string& of, const std::string& over) {
  const Json found = comparison(program, of, over);
  return markdown_interval(member(found, {"speedup"}), member(found, {"low"}),
                           member(found, {"high"}));
}

std::string megabytes(const Json& bytes) {
  return bytes.is_number() ? fmt::format("{:.0f}", bytes.get<double>() * 1e-6) : dash;
}

std::vector<Json> programs_in(const Json& figures, const std::string& step) {
  std::vector<Json> found;
  for (const Json& program : member(figures, {"programs"})) {
    if (program["step"] == step) found.push_back(program);
  }
  return found;
}

std::string speedups(const std::vector<Json>& programs) {
  std::vector<MarkdownRow> rows;
  for (const Json& program : programs) {
    rows.push_back({markdown_text(program["program"]), markdown_number(program["ratio"], 1),
                    speedup(program, "engine", "shared"), speedup(program, "engine", "host"),
                    speedup(program, "dpu", "shared"), speedup(program, "dpu", "host"),
                    reported(program["program"])});
  }
  return markdown_table({"application", "memory-to-communication ratio", "engine over shared",
                         "engine over host", "dpu over shared", "dpu over host", "paper"},
                        rows);
}

std::string costs(const std::vector<Json>& programs) {
  std::vector<MarkdownRow> rows;
  for (const Json& program : programs) {
    for (const Json& place : program["places"]) {
      rows.push_back({markdown_text(program["program"]), markdown_text(place["place"]),
                      markdown_number(place["seconds"], 3),
                      markdown_percent(place["host_cpu_utilization"]),
                      markdown_number(place["host_cpu_seconds"], 3),
                      markdown_percent(place["engine_cpu_utilization"]),
                      megabytes(place["dram_bytes_host"]), megabytes(place["dram_bytes_engine"])});
    }
  }
  return markdown_table(
      {"application", "place", "time, s", "CPU use of the ranks", "their CPU time, s",
       "CPU use of the engines", "DRAM, ranks, MB", "DRAM, engines, MB"},
      rows);
}

}  // namespace

Json comparison(const Json& program, const std::string& of, const std::string& over) {
  for (const Json& one : member(program, {"comparisons"})) {
    if (one["of"] == of && one["over"] == over) return one;
  }
  return nullptr;
}

std::string places_text(const Json& figures) {
  std::string text =
      "`host` routes in the ranks, `shared` in a process on the ranks' CPUs (the paper's "
      "baseline), "
      "`engine` in a process with CPUs of its own, `dpu` in one on an emulated DPU. Figures are "
      "medians.\n";
  for (const auto& [step, title] : {std::pair("paper-cache", "Small problems"),
                                    std::pair("paper-memory", "Much larger than the caches")}) {
    const auto programs = programs_in(figures, step);
    text += fmt::format("\n### {}\n\n{}\n{}", title, speedups(programs),
                        programs.empty() ? std::string() : costs(programs));
  }
  return text;
}

}  // namespace buddy::tools
