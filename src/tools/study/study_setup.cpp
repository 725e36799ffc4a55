#include "tools/study/study_setup.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "launch/job_plan.hpp"
#include "launch/process/cpu_list.hpp"
#include "measure/dram/dram_methods.hpp"
#include "tools/profile/dram_options.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

constexpr int usual_nodes = 2;
constexpr int usual_repeat = 7;  ///< an interval of fewer pairs says little
constexpr int quick_repeat = 2;

/// Whoever names one of both lists leaves the rest to the other.
Status choose_cpus(StudySetup& setup, std::span<const int> allowed) {
  if (!setup.host_cpus.empty() && !setup.engine_cpus.empty()) return {};
  if (allowed.size() < 2) {
    return {ErrorCode::invalid_argument,
            "a study needs two CPUs (ranks and engines have their own, and this process may use "
            "one) name the same one after --host-cpus and --engine-cpus to see that it works"};
  }
  if (setup.engine_cpus.empty()) {
    std::vector<int> rest(allowed.begin(), allowed.end());
    if (!setup.host_cpus.empty()) {
      const auto host = launch::parse_cpu_list(setup.host_cpus);
      if (!host.ok()) return host.status();
      rest = launch::without_cpus(allowed, host.value());
    }
    const auto engines = static_cast<std::size_t>(rest.size() >= 4 ? setup.nodes : 1);
    const auto count = static_cast<std::ptrdiff_t>(std::min(engines, rest.size()));
    setup.engine_cpus = launch::format_cpu_list(std::vector<int>(rest.end() - count, rest.end()));
  }
  if (!setup.host_cpus.empty()) return {};
  const auto engine = launch::parse_cpu_list(setup.engine_cpus);
  if (!engine.ok()) return engine.status();
  setup.host_cpus = launch::format_cpu_list(launch::without_cpus(allowed, engine.value()));
  return {};
}

/// What no bench could run is refused before the first of them starts.
Status check_job(const StudySetup& setup, std::span<const int> allowed) {
  launch::JobOptions job;
  job.placement = launch::Place::dpu;
  job.dpu = setup.dpu;
  job.ranks = setup.ranks;
  job.nodes = setup.nodes;
  job.fabric = setup.fabric;
  job.host_cpus = setup.host_cpus;
  job.engine_cpus = setup.engine_cpus;
  return launch::plan_job(job, std::vector<int>(allowed.begin(), allowed.end())).status();
}

template <class T>
void take(const Json& json, const char* key, T& value) {
  const auto found = json.find(key);
  if (found == json.end()) return;
  if constexpr (std::is_same_v<T, std::string>) {
    if (found->is_string()) value = found->get<std::string>();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (found->is_boolean()) value = found->get<bool>();
  } else {
    if (found->is_number_integer()) value = found->get<T>();
  }
}

}  // namespace

Json StudySetup::to_json() const {
  return {{"ranks", ranks},
          {"nodes", nodes},
          {"fabric", fabric},
          {"host_cpus", host_cpus},
          {"engine_cpus", engine_cpus},
          {"dpu", dpu},
          {"repeat", repeat},
          {"dram", dram},
          {"quick", quick}};
}

StudySetup StudySetup::from_json(const Json& json) {
  StudySetup setup;
  take(json, "ranks", setup.ranks);
  take(json, "nodes", setup.nodes);
  take(json, "fabric", setup.fabric);
  take(json, "host_cpus", setup.host_cpus);
  take(json, "engine_cpus", setup.engine_cpus);
  take(json, "dpu", setup.dpu);
  take(json, "repeat", setup.repeat);
  take(json, "dram", setup.dram);
  take(json, "quick", setup.quick);
  return setup;
}

std::string StudySetup::difference_to(const StudySetup& other) const {
  const Json here = to_json();
  const Json there = other.to_json();
  for (const auto& [key, value] : here.items()) {
    if (value == there[key]) continue;
    return fmt::format("'{}' is {} there, not {}", key, there[key].dump(), value.dump());
  }
  return {};
}

Result<StudySetup> complete_setup(StudySetup setup, std::span<const int> allowed) {
  if (setup.nodes == 0) setup.nodes = usual_nodes;
  if (setup.fabric.empty()) setup.fabric = "ucx";
  if (setup.dpu.empty()) setup.dpu = "bluefield3";
  if (setup.dram.empty()) setup.dram = setup.quick ? "none" : "auto";
  if (setup.repeat == 0) setup.repeat = setup.quick ? quick_repeat : usual_repeat;
  if (Status status = choose_cpus(setup, allowed); !status.ok()) return status;
  if (setup.ranks == 0) {
    const auto cpus = launch::parse_cpu_list(setup.host_cpus);
    if (!cpus.ok()) return cpus.status();
    const int most = static_cast<int>(cpus.value().size());
    setup.ranks = std::max(setup.nodes, most - most % setup.nodes);
  }
  if (Status status = check_job(setup, allowed); !status.ok()) return status;
  const auto dram = dram_choice({.method = setup.dram}, measure::dram_none);
  if (!dram.ok()) return dram.status();
  return setup;
}

}  // namespace buddy::tools
