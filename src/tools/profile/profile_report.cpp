#include "tools/profile/profile_report.hpp"

#include <algorithm>
#include <cmath>

#include "base/counters.hpp"
#include "instrument/activity.hpp"
#include "tools/report/dpu_json.hpp"
#include "tools/report/json.hpp"
#include "tools/report/verdict_json.hpp"

namespace buddy::tools {
namespace {

/// Counts are whole numbers, and are written as such.
Json whole(double value) { return static_cast<std::uint64_t>(std::llround(value)); }

using Ranks = std::vector<const RankProfile*>;

double sum(const Ranks& ranks, std::string_view key) {
  double all = 0;
  for (const RankProfile* rank : ranks) all += (*rank)[key];
  return all;
}

double largest(const Ranks& ranks, std::string_view key) {
  double most = 0;
  for (const RankProfile* rank : ranks) most = std::max(most, (*rank)[key]);
  return most;
}

/// Of the agents that these ranks speak for.
Json agent_sum(const Ranks& ranks, std::string_view counter) {
  double all = 0;
  bool any = false;
  for (const RankProfile* rank : ranks) {
    if ((*rank)["is_representative"] == 0) continue;
    all += (*rank)[counter];
    any = true;
  }
  return any ? whole(all) : Json(nullptr);
}

Json times_of(const Ranks& ranks) {
  Json times = Json::object();
  for (const std::string_view name : activity_names) {
    times[std::string(name)] = sum(ranks, "time_ns." + std::string(name)) * 1e-9;
  }
  // For those who do not ask whether a rank that waits sleeps.
  times["waiting"] = times["waiting"].get<double>() + times["asleep"].get<double>();
  return times;
}

Json fill_of(const Ranks& ranks) {
  double capacity = 0;
  for (const RankProfile* rank : ranks) {
    capacity += (*rank)["stats.blocks_sent"] * (*rank)["block_capacity_bytes"];
  }
  return capacity > 0 ? Json(sum(ranks, "stats.block_bytes") / capacity) : Json(nullptr);
}

/// Of the records that engines sent for the first time, those that others sent once more.
Json forwarded_share_of(const Json& figures) {
  const auto number = [&](const char* key) {
    return figures[key].is_number() ? figures[key].get<double>() : 0.0;
  };
  const double forwarded = number("records_forwarded");
  const double between = number("records_along") + number("records_across") - forwarded;
  return between > 0 ? Json(forwarded / between) : Json(nullptr);
}

Json run_delay_of(const Ranks& ranks) {
  double sum_ns = 0;
  for (const RankProfile* rank : ranks) {
    const auto delay_ns = rank->find("run_delay_ns");
    if (!delay_ns) return nullptr;
    sum_ns += *delay_ns;
  }
  return sum_ns * 1e-9;
}

/// What others took from the job.
void add_load(Json& total, const ProfiledJob& job) {
  const JobCpuUse use = job.cpu_use();
  const bool has_engines = engine_run_delay_seconds(job.engines).has_value();
  total["others_cpu_seconds"] = or_null(job.load.others_cpu_seconds);
  total["stolen_cpu_seconds"] = or_null(job.load.stolen_cpu_seconds);
  total["lost_cpu_seconds"] = use.ranks.lost_seconds;
  total["host_cpu_share"] = use.ranks.share();
  total["engine_cpu_share"] = has_engines ? Json(use.engines.share()) : Json(nullptr);
  total["machine_cpu_share"] = stolen_use(job.load).share();
  total["throttled_cpu_seconds"] = or_null(job.load.throttled_cpu_seconds);
  total["quota_cpu_share"] = throttled_use(job.load).share();
}

/// What ranks have in common with their sum.
Json figures(const Ranks& ranks, double cpus) {
  const double seconds = largest(ranks, "wall_ns") * 1e-9;
  const double user = sum(ranks, "user_ns") * 1e-9;
  const double system = sum(ranks, "system_ns") * 1e-9;
  Json json;
  json["seconds"] = seconds;
  json["user_seconds"] = user;
  json["system_seconds"] = system;
  json["host_cpu_seconds"] = user + system;
  json["host_cpu_utilization"] = or_null(utilization(user + system, seconds * cpus));
  json["run_delay_seconds"] = run_delay_of(ranks);
  json["messages"] = whole(sum(ranks, "stats.messages_sent"));
  json["messages_handled"] = whole(sum(ranks, "stats.messages_handled"));
  json["payload_bytes"] = whole(sum(ranks, "stats.payload_bytes"));
  json["remote_payload_bytes"] = agent_sum(ranks, "counter.remote_payload_bytes");
  json["wire_bytes"] = agent_sum(ranks, "counter.wire_bytes");
  for (const char* counter : {"records_along", "records_across", "records_forwarded"}) {
    json[counter] = agent_sum(ranks, std::string("counter.") + counter);
  }
  json["blocks"] = whole(sum(ranks, "stats.blocks_sent"));
  json["block_bytes"] = whole(sum(ranks, "stats.block_bytes"));
  json["block_fill"] = fill_of(ranks);
  json["flushes"] = {{"full", whole(sum(ranks, "stats.flushes_full"))},
                     {"poll", whole(sum(ranks, "stats.flushes_poll"))},
                     {"idle", whole(sum(ranks, "stats.flushes_idle"))}};
  json["stalls"] = whole(sum(ranks, "stats.stalls"));
  json["overflow_blocks"] = whole(sum(ranks, "stats.overflow_blocks"));
  json["barriers"] = whole(largest(ranks, "stats.barriers"));
  json["time"] = times_of(ranks);
  json["peak_memory_bytes"] = whole(largest(ranks, "peak_memory_bytes"));
  return json;
}

Json total_of(const ProfiledJob& job, const MemoryTraffic& memory) {
  Ranks all;
  for (const RankProfile& rank : job.ranks) all.push_back(&rank);
  Json total = figures(all, job.plan.host_cpus_in_use());
  const int engine_cpus = job.plan.engine_cpus_in_use();
  const bool separate = job.plan.engines() > 0;
  const double engine_seconds = job.sum_over_agents("counter.cpu_ns") * 1e-9;
  const double seconds = total["seconds"].get<double>();
  total["forwarded_share"] = forwarded_share_of(total);
  total["engine_cpu_seconds"] = separate ? Json(engine_seconds) : Json(0);
  const auto engine_part = utilization(engine_seconds, seconds * engine_cpus);
  total["engine_cpu_utilization"] = separate ? or_null(engine_part) : Json(nullptr);
  add_load(total, job);
  total["dram_bytes_host"] = or_null(memory.host_bytes);
  total["dram_bytes_engine"] = or_null(memory.engine_bytes);
  total["dram_method"] = memory.method.empty() ? Json(nullptr) : Json(memory.method);
  total["memory_to_communication_ratio"] = or_null(memory.ratio);
  return total;
}

Json ranks_of(const ProfiledJob& job) {
  Json ranks = Json::array();
  for (const RankProfile& rank : job.ranks) {
    Json entry = {{"rank", whole(rank["rank"])},
                  {"node", whole(rank["node"])},
                  {"host", rank.host},
                  {"pid", whole(rank["pid"])},
                  {"region_marked", rank["region_marked"] != 0}};
    entry.update(figures({&rank}, 1));
    ranks.push_back(std::move(entry));
  }
  return ranks;
}

Json counters_of(const RankProfile& rank) {
  Json counters = Json::object();
  for (const std::string_view name : counter_names) {
    counters[std::string(name)] = whole(rank["counter." + std::string(name)]);
  }
  return counters;
}

/// One entry per agent. What only the process as a whole knows stands with its first agent's.
Json engines_of(const ProfiledJob& job) {
  Json engines = Json::array();
  std::vector<launch::EngineUsage> processes = job.engines;
  for (const RankProfile& rank : job.ranks) {
    if (rank["is_representative"] == 0) continue;
    const bool embedded = rank["embedded"] != 0;
    Json entry = {{"node", whole(rank["node"])},
                  {"agent", whole(rank["agent"])},
                  {"embedded", embedded},
                  {"pid", nullptr},
                  {"cpu_seconds", embedded ? Json(nullptr) : Json(rank["counter.cpu_ns"] * 1e-9)},
                  {"user_seconds", nullptr},
                  {"system_seconds", nullptr},
                  {"peak_memory_bytes", nullptr},
                  {"counters", counters_of(rank)}};
    const auto process =
        std::find_if(processes.begin(), processes.end(), [&](const launch::EngineUsage& usage) {
          return usage.node == static_cast<int>(rank["node"]);
        });
    if (embedded) {
      entry["pid"] = whole(rank["pid"]);
    } else if (process != processes.end()) {
      entry["pid"] = process->pid;
      entry["user_seconds"] = process->user_seconds;
      entry["system_seconds"] = process->system_seconds;
      entry["peak_memory_bytes"] = process->peak_memory_bytes;
      processes.erase(process);
    }
    engines.push_back(std::move(entry));
  }
  return engines;
}

Json job_of(const ProfiledJob& job) {
  const double ring_blocks = job.ranks.front()["ring_blocks"];
  return {{"placement", to_string(job.plan.placement)},
          {"dpu", json_of(job.plan.dpu)},
          {"fabric", job.ranks.front().fabric},
          {"routing", job.ranks.front().routing},
          {"ranks", whole(job.ranks.front()["ranks"])},
          {"nodes", whole(job.ranks.front()["nodes"])},
          {"workers", job.plan.engines() > 0 ? job.plan.workers : 0},
          {"block_bytes", whole(job.ranks.front()["block_capacity_bytes"])},
          {"ring_blocks", ring_blocks > 0 ? whole(ring_blocks) : Json(nullptr)},
          {"hold_us", whole(job.ranks.front()["hold_us"])},
          {"host_cpus", job.plan.host_cpus},
          {"engine_cpus", job.plan.engine_cpus}};
}

}  // namespace

Json profile_report(const ProfiledJob& job, const MemoryTraffic& memory, const Machine& machine,
                    const std::vector<std::string>& command) {
  return {{"schema", profile_schema},
          {"machine", machine.to_json()},
          {"command", command},
          {"program", job.program},
          {"job", job_of(job)},
          {"doubts", json_of(job.doubts())},
          {"total", total_of(job, memory)},
          {"ranks", ranks_of(job)},
          {"engines", engines_of(job)},
          {"dram",
           {{"method", memory.method.empty() ? Json(nullptr) : Json(memory.method)},
            {"text", memory.text},
            {"cache", *memory.cache},
            {"cache_source", *memory.cache_source},
            {"unavailable", *memory.unavailable}}}};
}

}  // namespace buddy::tools
