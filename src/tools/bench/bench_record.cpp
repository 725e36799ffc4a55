#include "tools/bench/bench_record.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "arena/sizes.hpp"
#include "launch/plan_routes.hpp"
#include "tools/report/dpu_json.hpp"
#include "tools/report/job_cpu_use.hpp"
#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"
#include "tools/report/json_numbers.hpp"

namespace buddy::tools {
namespace {

struct Figure {
  const char* key;
  Range range;
};
/// What a workload must write, with a number.
constexpr std::array<Figure, 5> figures = {{{"ranks", ranges::processes},
                                            {"nodes", ranges::processes},
                                            {"seconds", ranges::run_seconds},
                                            {"messages", ranges::amount},
                                            {"payload_bytes", ranges::amount}}};
/// What it must write, with a number or null.
constexpr std::array<Figure, 4> maybe_figures = {{{"wire_bytes", ranges::amount},
                                                  {"host_cpu_seconds", ranges::part_seconds},
                                                  {"host_run_delay_seconds", ranges::part_seconds},
                                                  {"engine_cpu_seconds", ranges::part_seconds}}};
/// CPU time below that was not measured: clocks count nanoseconds.
constexpr double least_cpu_seconds = 1e-9;

Status unusable(std::string_view why) {
  return {ErrorCode::corrupt,
          fmt::format("the workload's result is not usable ({}) use the workload of this version "
                      "of Buddy",
                      why)};
}

Status check_keys(const Json& measured) {
  if (!measured.is_object()) return unusable("it is not a JSON object");
  NumberReader numbers;
  for (const auto& [key, range] : figures) numbers.required(measured, key, range);
  for (const auto& [key, range] : maybe_figures) {
    if (!measured.contains(key)) numbers.complain(fmt::format("'{}' is missing", key));
    numbers.optional(measured, key, range);
  }
  if (!numbers.problem().empty()) return unusable(numbers.problem());
  if (!measured.contains("verified") || !measured["verified"].is_boolean()) {
    return unusable("it does not say whether the answer was verified");
  }
  return {};
}

std::optional<double> number(const Json& object, std::string_view key) {
  const auto found = object.find(key);  // end() if it is no object
  if (found == object.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

Json copied(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() ? Json(nullptr) : *found;
}

/// What the ranks and engines of a run have made of the knobs of its plan. Blocks under way to an
/// engine across a network are 0 where nobody has chosen them: its window follows distance and
/// peers.
wire::Knobs knobs_in_force(const Json& measured, const launch::JobPlan& plan) {
  launch::JobPlan as_run = plan;
  as_run.workers = std::max(1, static_cast<int>(number(measured, "workers").value_or(1)));
  wire::JobMap map = launch::planned_map(as_run);
  const Json routing = copied(measured, "routing");
  if (routing.is_string()) {
    map.routing = wire::parse_routing(routing.get<std::string>()).value_or(map.routing);
  }
  const arena::Sizes sizes = arena::sizes_for(wire::Routes(map), plan.knobs);
  const bool by_distance = copied(measured, "fabric") == "ucx" && sizes.window_bytes == 0;
  const std::size_t ring_blocks = by_distance ? 0 : sizes.fabric_ring_bytes / sizes.block_bytes;
  return {.block_bytes = static_cast<std::uint32_t>(sizes.block_bytes),
          .ring_blocks = static_cast<std::uint32_t>(ring_blocks),
          .hold_us = plan.knobs.hold_us};
}

}  // namespace

RecordLoad load_of(const launch::JobOutcome& outcome) {
  return {.job = outcome.load,
          .engine_run_delay_seconds = engine_run_delay_seconds(outcome.engines)};
}

double Record::seconds() const { return (*measured)["seconds"].get<double>(); }

std::optional<double> Record::rounds() const {
  return number(copied(*measured, "details"), "rounds");
}

double Record::rate_per_rank() const {
  return (*measured)["messages"].get<double>() / seconds() / (*measured)["ranks"].get<double>() /
         1e6;
}

std::optional<double> Record::host_ns_per_message() const {
  const auto cpu_seconds = number(*measured, "host_cpu_seconds");
  const auto messages = number(*measured, "messages");
  if (!cpu_seconds || !messages || *messages < 1) return std::nullopt;
  return *cpu_seconds / *messages * 1e9;
}

std::optional<double> Record::host_system_ns_per_message() const {
  const auto details = measured->find("details");
  if (details == measured->end()) return std::nullopt;
  const auto seconds = number(*details, "host_system_seconds");
  const auto messages = number(*measured, "messages");
  if (!seconds || !messages || *messages < 1) return std::nullopt;
  return *seconds / *messages * 1e9;
}

std::optional<double> Record::engine_records_rate() const {
  const auto cpu_seconds = number(*measured, "engine_cpu_seconds");
  const auto records = number(copied(*measured, "details"), "routed_records");
  if (engine_cpus == 0 || !cpu_seconds || *cpu_seconds < least_cpu_seconds || !records)
    return std::nullopt;
  return *records / *cpu_seconds / 1e6;
}

std::optional<double> Record::engine_work_rate() const {
  const auto cpu_seconds = number(*measured, "engine_cpu_seconds");
  const auto records = number(copied(*measured, "details"), "routed_records");
  const auto spin_seconds = number(copied(*measured, "details"), "engine_spin_seconds");
  if (engine_cpus == 0 || !cpu_seconds || !records || !spin_seconds) return std::nullopt;
  // An engine that loses its core while it spins spins for longer than it has the core.
  const double busy = *cpu_seconds - *spin_seconds;
  return busy >= least_cpu_seconds ? std::optional(*records / busy / 1e6) : std::nullopt;
}

std::optional<double> Record::host_cpu_utilization() const {
  const auto cpu_seconds = number(*measured, "host_cpu_seconds");
  if (!cpu_seconds) return std::nullopt;
  return utilization(*cpu_seconds, seconds() * host_cpus);
}

std::optional<double> Record::engine_cpu_utilization() const {
  const auto cpu_seconds = number(*measured, "engine_cpu_seconds");
  if (!cpu_seconds || engine_cpus == 0) return std::nullopt;
  return utilization(*cpu_seconds, seconds() * engine_cpus);
}

std::optional<JobCpuUse> Record::cpu_use() const {
  const auto used = number(*measured, "host_cpu_seconds");
  if (!used) return std::nullopt;
  return cpu_use_of({.seconds = seconds(),
                     .rank_cpu_seconds = *used,
                     .rank_run_delay_seconds = number(*measured, "host_run_delay_seconds"),
                     .engine_cpu_seconds = number(*measured, "engine_cpu_seconds").value_or(0),
                     .engine_run_delay_seconds = load.engine_run_delay_seconds},
                    load.job);
}

Json Record::to_json() const {
  Json entry;
  entry["workload"] = copied(*measured, "workload");
  entry["placement"] = to_string(step.contender);
  entry["dpu"] = json_of(dpu);
  for (const char* key : {"fabric", "routing", "ranks", "nodes", "workers"}) {
    entry[key] = copied(*measured, key);
  }
  const bool has_knobs = step.contender != Contender::alltoallv;
  entry["block_bytes"] = has_knobs ? Json(knobs.block_bytes) : Json(nullptr);
  const bool has_ring = has_knobs && knobs.ring_blocks != 0;
  entry["ring_blocks"] = has_ring ? Json(knobs.ring_blocks) : Json(nullptr);
  entry["hold_us"] = has_knobs ? Json(knobs.hold_us) : Json(nullptr);
  entry["rounds"] = or_null(rounds());
  for (const char* key : {"seconds", "messages", "payload_bytes", "wire_bytes", "host_cpu_seconds",
                          "engine_cpu_seconds"}) {
    entry[key] = copied(*measured, key);
  }
  entry["host_cpu_utilization"] = or_null(host_cpu_utilization());
  entry["engine_cpu_utilization"] = or_null(engine_cpu_utilization());
  entry["host_run_delay_seconds"] = copied(*measured, "host_run_delay_seconds");
  entry["engine_run_delay_seconds"] = or_null(load.engine_run_delay_seconds);
  entry["others_cpu_seconds"] = or_null(load.job.others_cpu_seconds);
  entry["stolen_cpu_seconds"] = or_null(load.job.stolen_cpu_seconds);
  entry["throttled_cpu_seconds"] = or_null(load.job.throttled_cpu_seconds);
  const auto use = cpu_use();
  const bool has_engines = use && load.engine_run_delay_seconds;
  entry["host_cpu_share"] = use ? Json(use->ranks.share()) : Json(nullptr);
  entry["engine_cpu_share"] = has_engines ? Json(use->engines.share()) : Json(nullptr);
  const RecordDram traffic = dram.value_or(RecordDram());
  entry["dram_bytes_host"] = or_null(traffic.host_bytes);
  entry["dram_bytes_engine"] = or_null(traffic.engine_bytes);
  entry["dram_method"] = traffic.method.empty() ? Json(nullptr) : Json(traffic.method);
  entry["memory_to_communication_ratio"] = or_null(traffic.ratio);
  entry["verified"] = (*measured)["verified"];
  entry["pair"] = step.pair;
  entry["details"] = copied(*measured, "details");
  if (dram) entry["details"]["dram"] = *dram->details;
  return entry;
}

Result<Record> read_record(const std::string& text, const Step& step, const launch::JobPlan& plan) {
  if (text.empty()) return unusable("it wrote none");
  auto parsed = parse_json(text, "the workload's result", "use the workload of this version");
  if (!parsed.ok()) return Status(ErrorCode::corrupt, parsed.status().message());
  Json& measured = parsed.value();
  const Status complete = check_keys(measured);
  if (!complete.ok()) return complete;
  const std::string wanted = step.contender == Contender::alltoallv
                                 ? to_string(step.contender)
                                 : launch::to_string(plan.placement);
  const Json placement = copied(measured, "placement");
  if (placement != wanted) {
    return unusable(fmt::format("it ran as {} instead of \"{}\"", shown(placement), wanted));
  }
  if (!measured["verified"].get<bool>()) {
    return Status(ErrorCode::corrupt,
                  "the workload's answer is wrong (it did not pass its own check) report this, "
                  "with the command line");
  }
  const wire::Knobs knobs = knobs_in_force(measured, plan);
  return Record{.step = step,
                .host_cpus = plan.host_cpus_in_use(),
                .engine_cpus = plan.engine_cpus_in_use(),
                .measured = measured,
                .knobs = knobs,
                .dpu = plan.dpu};
}

}  // namespace buddy::tools
