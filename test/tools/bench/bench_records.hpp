// Results as workloads write them, for tests.
#pragma once

#include "tools/bench/bench_record.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools::testing {

/// What a workload writes after 2 ranks sent 2 x 500,000 messages of 8 bytes.
inline Json workload_result(const std::string& placement, double seconds) {
  return {{"workload", "histogram"},
          {"placement", placement},
          {"fabric", "shm"},
          {"routing", "direct"},
          {"ranks", 2},
          {"nodes", 1},
          {"workers", placement == "engine" ? 1 : 0},
          {"seconds", seconds},
          {"messages", 1'000'000},
          {"payload_bytes", 8'000'000},
          {"wire_bytes", 0},
          {"host_cpu_seconds", seconds},
          {"host_run_delay_seconds", 0.0},
          {"engine_cpu_seconds", placement == "engine" ? Json(seconds / 2) : Json(nullptr)},
          {"verified", true},
          {"details", {{"routed_records", 2'000'000}, {"engine_spin_seconds", seconds / 4}}}};
}

inline launch::JobPlan two_rank_plan(launch::Place placement) {
  return {.ranks = 2, .placement = placement, .fabric = "shm", .host_cpus = {0, 1}};
}

inline Record make_record(Contender contender, int pair, double seconds) {
  return {.step = {.contender = contender, .pair = pair},
          .host_cpus = 2,
          .engine_cpus = contender == Contender::engine ? 1 : 0,
          .measured = workload_result(to_string(contender), seconds)};
}

}  // namespace buddy::tools::testing
