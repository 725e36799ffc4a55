// Reports of benchmarks as steps of a study write them; figures are invented.
#pragma once

#include <string>
#include <vector>

#include "tools/report/json.hpp"

namespace buddy::tools::testing {

struct InventedSpeedup {
  std::string of;
  std::string over;
  double speedup;
  double low;
  double high;
};

inline Json bench_report_of(const std::string& workload, const Json& ratio,
                            const std::vector<InventedSpeedup>& speedups,
                            const Json& slowdown = 2) {
  Json comparisons = Json::array();
  Json medians = Json::object();
  Json results = Json::array();
  const auto spread = [](double value) {
    return Json{{"median", value}, {"min", value}, {"max", value}};
  };
  for (const char* place : {"host", "shared", "engine", "dpu"}) {
    const bool has_engine = std::string(place) != "host";
    medians[place] = {{"seconds", spread(1.5)},
                      {"host_cpu_utilization", spread(0.75)},
                      {"engine_cpu_utilization", has_engine ? spread(0.25) : Json(nullptr)}};
    results.push_back(
        {{"workload", workload},
         {"placement", place},
         {"host_cpu_seconds", 1.25},
         {"engine_cpu_seconds", has_engine ? Json(0.5) : Json(nullptr)},
         {"messages", 1e8},
         {"dram_bytes_host", 3e6},
         {"dram_bytes_engine", has_engine ? Json(1e6) : Json(nullptr)},
         {"memory_to_communication_ratio", ratio},
         {"dpu", std::string(place) == "dpu" ? Json{{"slowdown", slowdown}} : Json(nullptr)}});
  }
  for (const InventedSpeedup& one : speedups) {
    comparisons.push_back({{"of", one.of},
                           {"over", one.over},
                           {"speedup", one.speedup},
                           {"low", one.low},
                           {"high", one.high},
                           {"level", 0.95},
                           {"pairs", 7},
                           {"outcome", one.low > 1 ? "pays" : "undecided"}});
  }
  Json summary = Json::object();
  summary[workload] = {{"medians", medians}, {"comparisons", comparisons}};
  return {{"schema", "buddy.bench.v1"}, {"results", results}, {"summary", summary}};
}

}  // namespace buddy::tools::testing
