#include "tools/predict/host_run_json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "tools/profile/profile_report.hpp"
#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"
#include "tools/report/json_numbers.hpp"

namespace buddy::tools {
namespace {

using predict::HostRun;
using predict::RankWork;

Status unusable(std::string_view why) {
  return {
      ErrorCode::corrupt,
      fmt::format("the profile is not usable ({}) make it again with `buddy profile --json`", why)};
}

constexpr std::array<std::pair<const char*, double RankWork::*>, 7> work_members = {
    {{"application", &RankWork::application},
     {"handlers", &RankWork::handlers},
     {"buddy", &RankWork::buddy},
     {"engine", &RankWork::engine},
     {"network", &RankWork::network},
     {"mpi", &RankWork::mpi},
     {"waiting", &RankWork::waiting}}};

constexpr std::array<std::pair<const char*, double HostRun::*>, 7> amount_members = {
    {{"messages", &HostRun::messages},
     {"payload_bytes", &HostRun::payload_bytes},
     {"block_bytes", &HostRun::block_bytes},
     {"wire_bytes", &HostRun::wire_bytes},
     {"blocks", &HostRun::blocks},
     {"partial_blocks", &HostRun::partial_blocks},
     {"barriers", &HostRun::barriers}}};

/// What schemas of profiles of all versions begin with.
constexpr std::string_view profile_family = "buddy.profile.";
/// More ranks than that were never started.
constexpr std::size_t most_ranks = 1 << 16;
/// Of the time of a run, whatever others took: runs take time.
constexpr double least_own_part = 0.01;
/// What every rank does at most, a second.
constexpr double most_per_second = 1e10;

Json member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? Json(nullptr) : *found;
}

Status check_kind(const Json& profile) {
  if (!profile.is_object()) return unusable("it is no JSON object");
  const Json schema = member(profile, "schema");
  if (schema != profile_schema) {
    const bool is_profile =
        schema.is_string() && schema.get<std::string>().starts_with(profile_family);
    return {ErrorCode::invalid_argument,
            fmt::format("this is no profile{} (its schema is {} instead of \"{}\") make one with "
                        "`buddy profile --json`",
                        is_profile ? " of this version" : "", shown(schema), profile_schema)};
  }
  const Json placement = member(member(profile, "job"), "placement");
  if (placement == "host") return {};
  if (!placement.is_string()) return unusable("it does not say in which placement it was made");
  return {ErrorCode::invalid_argument,
          fmt::format("this profile cannot be predicted from (it was made in placement {}, where "
                      "the engine's work is not the ranks') profile the program in host placement",
                      shown(placement))};
}

RankWork work_of(const Json& rank, NumberReader& numbers) {
  const Json time = member(rank, "time");
  RankWork wall;
  for (const auto& [name, where] : work_members) {
    wall.*where = numbers.required(time, name, ranges::part_seconds);
  }
  // What people read as waiting includes it.
  const double asleep = numbers.required(time, "asleep", ranges::part_seconds);
  if (asleep > wall.waiting * 1.001 + 1e-6) {
    numbers.complain("'asleep' is more than 'waiting', of which it is a part");
  }
  wall.waiting = std::max(0.0, wall.waiting - asleep);
  return predict::scale_to_cpu_time(
      wall, numbers.required(rank, "host_cpu_seconds", ranges::part_seconds));
}

int cpus_of(const Json& job) {
  const Json cpus = member(job, "host_cpus");
  return cpus.is_array() && !cpus.empty() ? static_cast<int>(cpus.size()) : 1;
}

/// CPU time that others took is no part of the run: it would be taken for waiting. Profiles that do
/// not know it have none.
double undisturbed_seconds(const HostRun& run, double lost_cpu_seconds) {
  return std::max(run.seconds - lost_cpu_seconds / run.busy_cpus(), run.seconds * least_own_part);
}

/// What is possible for each figure may not be for all of them together.
void check_rates(const HostRun& run, NumberReader& numbers) {
  const double most = most_per_second * static_cast<double>(run.ranks.size()) * run.seconds + 1e3;
  for (const auto& [name, count] :
       {std::pair("messages", run.messages), std::pair("blocks", run.blocks),
        std::pair("partial blocks", run.partial_blocks), std::pair("barriers", run.barriers)}) {
    if (count > most) {
      numbers.complain(fmt::format("{:g} {} in {:g} s cannot be", count, name, run.seconds));
    }
  }
}

}  // namespace

Result<HostRun> host_run_of(const Json& profile) {
  const Status kind = check_kind(profile);
  if (!kind.ok()) return kind;
  NumberReader numbers;
  const auto amount = [&](const Json& object, const char* key) {
    return numbers.required(object, key, ranges::amount);
  };
  const Json total = member(profile, "total");
  const Json job = member(profile, "job");
  HostRun run;
  run.seconds = numbers.required(total, "seconds", ranges::run_seconds);
  run.host_cpus = cpus_of(job);
  run.nodes = static_cast<int>(numbers.required(job, "nodes", ranges::processes));
  run.messages = amount(total, "messages");
  run.payload_bytes = amount(total, "payload_bytes");
  run.wire_bytes = amount(total, "wire_bytes");
  const double forwarded = numbers.optional(total, "records_forwarded", ranges::amount).value_or(0);
  run.forwards = run.messages > 0 ? std::min(1.0, forwarded / run.messages) : 0.0;
  run.barriers = amount(total, "barriers");
  run.blocks = amount(total, "blocks");
  const Json flushes = member(total, "flushes");
  run.partial_blocks = amount(flushes, "poll") + amount(flushes, "idle");
  run.memory_to_communication_ratio =
      numbers.optional(total, "memory_to_communication_ratio", ranges::amount);
  const Json ranks = member(profile, "ranks");
  if (!ranks.is_array() || ranks.empty()) return unusable("it has no ranks");
  if (ranks.size() > most_ranks) return unusable(fmt::format("it has {} ranks", ranks.size()));
  for (const Json& rank : ranks) {
    run.ranks.push_back(work_of(rank, numbers));
    run.block_bytes += amount(rank, "block_bytes");
  }
  check_rates(run, numbers);
  const auto lost = numbers.optional(total, "lost_cpu_seconds", ranges::part_seconds);
  numbers.optional(total, "host_cpu_seconds", ranges::part_seconds);  // for doubts_about()
  for (const char* key : {"machine_cpu_share", "quota_cpu_share"}) {  // likewise
    numbers.optional(total, key, ranges::share);
  }
  if (!numbers.problem().empty()) return unusable(numbers.problem());
  run.seconds = undisturbed_seconds(run, lost.value_or(0));
  return run;
}

measure::Doubts doubts_about(const Json& profile) {
  const Json total = member(profile, "total");
  const auto number = [&](const char* key, double otherwise) {
    const Json value = member(total, key);
    return value.is_number() ? value.get<double>() : otherwise;
  };
  const double machine_share = number("machine_cpu_share", 1);
  const double quota_share = number("quota_cpu_share", 1);
  measure::Doubts doubts;
  const auto add = [&](std::optional<measure::Doubt> doubt) {
    if (doubt) doubts.push_back(std::move(*doubt));
  };
  // First what explains the others: in a short run a moment of other work is a large share.
  add(measure::doubt_length(number("seconds", 0)));
  add(measure::doubt_cpu("the profiled ranks",
                         {number("host_cpu_seconds", 0), number("lost_cpu_seconds", 0)}));
  add(measure::doubt_stolen({machine_share, 1 - machine_share}));
  add(measure::doubt_throttled({quota_share, 1 - quota_share}));
  return doubts;
}

Json to_json(const HostRun& run) {
  Json ranks = Json::array();
  for (const RankWork& work : run.ranks) {
    Json rank = Json::object();
    for (const auto& [name, where] : work_members) rank[name] = work.*where;
    ranks.push_back(std::move(rank));
  }
  Json json = {{"seconds", run.seconds}, {"host_cpus", run.host_cpus}, {"nodes", run.nodes}};
  for (const auto& [name, where] : amount_members) json[name] = run.*where;
  json["forwards"] = run.forwards;
  json["memory_to_communication_ratio"] = or_null(run.memory_to_communication_ratio);
  json["rank_cpu_seconds"] = std::move(ranks);
  return json;
}

Result<HostRun> host_run_from_json(const Json& json) {
  NumberReader numbers;
  HostRun run;
  run.seconds = numbers.required(json, "seconds", ranges::run_seconds);
  run.host_cpus = static_cast<int>(numbers.required(json, "host_cpus", ranges::processes));
  run.nodes = static_cast<int>(numbers.required(json, "nodes", ranges::processes));
  for (const auto& [name, where] : amount_members) {
    run.*where = numbers.required(json, name, ranges::amount);
  }
  run.forwards = numbers.optional(json, "forwards", ranges::share).value_or(0);
  run.memory_to_communication_ratio =
      numbers.optional(json, "memory_to_communication_ratio", ranges::amount);
  const Json ranks = member(json, "rank_cpu_seconds");
  if (!ranks.is_array() || ranks.empty() || ranks.size() > most_ranks) {
    numbers.complain("'rank_cpu_seconds' is no array of ranks");
  } else {
    for (const Json& rank : ranks) {
      RankWork& work = run.ranks.emplace_back();
      for (const auto& [name, where] : work_members) {
        work.*where = numbers.required(rank, name, ranges::part_seconds);
      }
    }
  }
  check_rates(run, numbers);
  if (!numbers.problem().empty()) return Status(ErrorCode::corrupt, numbers.problem());
  return run;
}

}  // namespace buddy::tools
