#include "tools/study/study_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "launch/process/cpu_list.hpp"
#include "tools/command/nearest.hpp"

namespace buddy::tools {
namespace {

using Words = std::vector<std::string>;

Words operator+(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Words job_words(const StudySetup& setup) {
  return {"-n",
          fmt::format("{}", setup.ranks),
          "--nodes",
          fmt::format("{}", setup.nodes),
          "--fabric",
          setup.fabric,
          "--host-cpus",
          setup.host_cpus,
          "--engine-cpus",
          setup.engine_cpus};
}

Words repeat_words(const StudySetup& setup) {
  return {"--repeat", fmt::format("{}", setup.repeat)};
}

constexpr const char* four_places = "host,shared,engine,dpu";

StudyStep paper_step(const StudySetup& setup, const std::string& size, double expected_s) {
  return {.name = "paper-" + size,
          .schema = "buddy.bench.v1",
          .words = Words{"bench", "paper"} + job_words(setup) +
                   (size == "cache" ? Words{} : Words{"--size", size}) +  // it is the default
                   Words{"--compare", four_places, "--dpu", setup.dpu, "--dram", setup.dram} +
                   repeat_words(setup),
          .expected_s = expected_s,
          .what = fmt::format("the five applications in four places, {}",
                              size == "cache" ? "small" : "much larger than the caches")};
}

/// How much slower than the host's the engine's core is, with the way to it as of the preset.
struct Slowdown {
  const char* times;
  const char* dpu;
};

/// The five applications in small, beside what the first step has measured.
StudyStep five_step(const StudySetup& setup, const std::string& name, const std::string& compare,
                    const std::string& dpu, std::string what) {
  return {.name = name,
          .schema = "buddy.bench.v1",
          .words = Words{"bench", "paper"} + job_words(setup) +
                   Words{"--compare", compare, "--dpu", dpu, "--dram", "none"} +
                   repeat_words(setup),
          .expected_s = setup.quick ? 40.0 : 110.0,
          .what = std::move(what)};
}

StudyStep emulation_step(const StudySetup& setup) {
  return five_step(setup, "emulation", "engine,dpu", "slowdown=1,latency_us=0",
                   "what the emulation costs where it slows down nothing");
}

StudyStep slowdown_step(const StudySetup& setup, const Slowdown& slowdown) {
  return five_step(setup, fmt::format("slow-{}", slowdown.times), "host,shared,dpu", slowdown.dpu,
                   fmt::format("the five on an engine that is {} times as slow", slowdown.times));
}

/// Work of the ranks per message; the more there is, the fewer messages make a run of a second.
struct WorkLevel {
  const char* units;
  const char* updates;
  const char* quick_updates;
};

StudyStep work_step(const StudySetup& setup, const WorkLevel& level) {
  return {.name = fmt::format("work-{}", level.units),
          .schema = "buddy.bench.v1",
          .words = Words{"bench", "histogram"} + job_words(setup) +
                   Words{"--compare", four_places, "--dpu", setup.dpu, "--dram", setup.dram} +
                   repeat_words(setup) +
                   Words{"--work", level.units, "--updates",
                         setup.quick ? level.quick_updates : level.updates},
          .expected_s = setup.quick ? 10.0 : 90.0,
          .what = fmt::format("histogram, cache lines of work per message: {}", level.units)};
}

StudyStep tune_step(const StudySetup& setup, const std::string& workload,
                    const std::string& place) {
  return {.name = fmt::format("tune-{}-{}", workload, place),
          .schema = "buddy.tune.v1",
          .words = Words{"bench", "tune", workload} + job_words(setup) +
                   Words{"--placement", place} +
                   (place == "dpu" ? Words{"--dpu", setup.dpu} : Words{}) +
                   (setup.quick ? Words{"--time-limit", "40", "--updates", "200k"} : Words{}),
          .expected_s = setup.quick ? 40.0 : 240.0,
          .what = fmt::format("the best knobs for {} on {}", workload,
                              place == "dpu" ? "the emulated DPU" : "an engine")};
}

std::string first_cpu(const std::string& list) {
  const auto cpus = launch::parse_cpu_list(list);
  return cpus.ok() ? fmt::format("{}", cpus.value().front()) : list;
}

/// Programs by which models are judged that were not fitted on them: those of the table in
/// docs/design/predict.md.
const Words& outside_programs() {
  static const Words programs = {
      "histogram --payload 256 --updates 2M", "bfs --scale 17 --edgefactor 32",
      "indexgather --requests 8M --table 2^22", "transpose --scale 14 --field real --rounds 60",
      "transport --particles 20k --cycles 12 --work 2"};
  return programs;
}

/// The sweep has a setting of its own: two ranks that share a CPU, engines that share another.
StudyStep model_step(const StudySetup& setup) {
  Words words = {"bench",         "model",
                 "--host-cpus",   first_cpu(setup.host_cpus),
                 "--engine-cpus", first_cpu(setup.engine_cpus),
                 "--dpu",         setup.quick ? "slowdown=2.5" : "slowdown=1.5,2.5,4",
                 "--dram",        setup.dram};
  words = words + repeat_words(setup);
  words = words + (setup.quick ? Words{"histogram", "transpose", "--of-each", "1", "--outside",
                                       outside_programs().front()}
                               : Words{"--outside"} + outside_programs());
  return {
      .name = "model",
      .schema = "buddy.model.v1",
      .words = std::move(words),
      .expected_s = setup.quick ? 240.0 : 5400.0,
      .what = "the sweep of programs on engines of several speeds, and how well it is predicted"};
}

StudyStep dca_step(const StudySetup& setup) {
  Words words = Words{"bench", "dca"} + job_words(setup);
  if (setup.quick) words = words + Words{"histogram", "--many-ranks", "none", "--updates", "100k"};
  return {.name = "dca",
          .schema = "buddy.dca.v1",
          .words = std::move(words),
          .expected_s = setup.quick ? 30.0 : 120.0,
          .what = "the memory traffic of engines with and without Direct Cache Access"};
}

/// "slow-*" means all that begin with "slow-".
bool is_meant(const std::string& name, std::string_view word) {
  if (!word.ends_with('*')) return name == word;
  return name.starts_with(word.substr(0, word.size() - 1));
}

}  // namespace

std::vector<StudyStep> study_steps(const StudySetup& setup, const StudyAbilities& abilities) {
  static constexpr WorkLevel work_levels[] = {{"0", "16M", "1M"},
                                              {"1", "4M", "500k"},
                                              {"4", "1M", "100k"},
                                              {"16", "300k", "30k"},
                                              {"64", "80k", "8k"}};
  static constexpr Slowdown slowdowns[] = {{"1.5", "slowdown=1.5,latency_us=1,gbit=400"},
                                           {"2.5", "slowdown=2.5,latency_us=1,gbit=400"},
                                           {"4", "slowdown=4,latency_us=1,gbit=400"}};
  std::vector<StudyStep> steps = {paper_step(setup, "cache", setup.quick ? 60 : 600)};
  for (const WorkLevel& level : work_levels) steps.push_back(work_step(setup, level));
  steps.push_back(emulation_step(setup));
  for (const Slowdown& slowdown : slowdowns) steps.push_back(slowdown_step(setup, slowdown));
  steps.push_back(dca_step(setup));
  const Words tuned = setup.quick
                          ? Words{"histogram"}
                          : Words{"transport", "transpose", "histogram", "triangles", "sssp"};
  for (const std::string& workload : tuned) {
    for (const char* place : {"engine", "dpu"}) steps.push_back(tune_step(setup, workload, place));
  }
  if (!setup.quick && abilities.has_sizes) steps.push_back(paper_step(setup, "memory", 1200));
  steps.push_back(model_step(setup));
  return steps;
}

Result<std::vector<StudyStep>> choose_steps(const std::vector<StudyStep>& all,
                                            const std::string& list) {
  if (list.empty()) return all;
  std::vector<std::string> names;
  for (const StudyStep& step : all) names.push_back(step.name);
  Words wanted;
  for (std::string_view rest = list;;) {
    const std::size_t comma = rest.find(',');
    wanted.emplace_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  for (const std::string& word : wanted) {
    const bool known = std::any_of(names.begin(), names.end(),
                                   [&](const std::string& name) { return is_meant(name, word); });
    if (known) continue;
    return Status(ErrorCode::invalid_argument,
                  fmt::format("there is no step '{}' (there are {}) {}", word,
                              fmt::join(names, ", "), advice(word, names, "choose among those")));
  }
  std::vector<StudyStep> chosen;
  std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), [&](const StudyStep& step) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const std::string& word) { return is_meant(step.name, word); });
  });
  return chosen;
}

}  // namespace buddy::tools
