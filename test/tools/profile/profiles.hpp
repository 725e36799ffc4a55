// Profiles that tests make up.
#pragma once

#include <fmt/core.h>

#include <string>

#include "base/counters.hpp"
#include "instrument/activity.hpp"
#include "instrument/stats_fields.hpp"
#include "tools/profile/profile_report.hpp"
#include "tools/profile/rank_profile.hpp"

namespace buddy::tools::testing {

/// What a rank writes: everything is 1 but its place and the figures that are given.
inline std::string rank_text(int rank, const std::map<std::string, double>& figures = {}) {
  std::map<std::string, double> numbers;
  for (const char* key : {"ranks", "nodes", "workers", "block_capacity_bytes", "ring_blocks",
                          "hold_us", "peak_memory_bytes", "region_marked", "region_begin_ns",
                          "region_end_ns", "user_ns", "system_ns"}) {
    numbers[key] = 1;
  }
  for_each_count([&](const char* name, auto) { numbers[std::string("stats.") + name] = 1; });
  for (const auto name : counter_names) numbers["counter." + std::string(name)] = 1;
  for (const auto name : activity_names) numbers["time_ns." + std::string(name)] = 0;
  numbers["wall_ns"] = 1e9;
  numbers["rank"] = rank;
  numbers["node"] = rank;
  numbers["agent"] = rank;
  numbers["pid"] = 1000 + rank;
  numbers["is_representative"] = 1;
  numbers["embedded"] = 1;
  for (const auto& [key, value] : figures) numbers[key] = value;
  std::string text = "format buddy.rank.v1\nhost here\nfabric ucx\nrouting direct\n";
  for (const auto& [key, value] : numbers) text += fmt::format("{} {:.0f}\n", key, value);
  return text;
}

/// Two ranks of host placement that share a CPU: half a second of CPU time each.
inline ProfiledJob host_job() {
  ProfiledJob job;
  job.plan = {.ranks = 2, .nodes = 2, .fabric = "ucx", .host_cpus = {0}};
  job.program = {"/bin/program", "--fast"};
  for (int rank = 0; rank < 2; ++rank) {
    job.ranks.push_back(parse_rank_profile(rank_text(rank, {{"ranks", 2},
                                                            {"nodes", 2},
                                                            {"user_ns", 4e8},
                                                            {"system_ns", 1e8},
                                                            {"time_ns.application", 2e8},
                                                            {"time_ns.handlers", 4e8},
                                                            {"time_ns.engine", 2e8},
                                                            {"time_ns.asleep", 2e8},
                                                            {"block_capacity_bytes", 1000},
                                                            {"stats.blocks_sent", 10},
                                                            {"stats.block_bytes", 5000}}))
                            .value());
  }
  return job;
}

}  // namespace buddy::tools::testing
