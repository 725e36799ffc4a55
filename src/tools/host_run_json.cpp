#include "tools/host_run_json.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "tools/profile_report.hpp"

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

/// Collects numbers, and the first that is not there.
class Numbers {
 public:
  double operator()(const Json& object, const char* key) {
    const auto found = object.find(key);  // end() if it is no object
    if (found != object.end() && found->is_number()) return found->get<double>();
    if (missing_.empty()) {
      missing_ = fmt::format("'{}' is {}", key,
                             found != object.end() && found->is_null() ? "null" : "no number");
    }
    return 0;
  }
  Status status() const { return missing_.empty() ? Status() : unusable(missing_); }

 private:
  std::string missing_;
};

Json member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? Json(nullptr) : *found;
}

Status check_kind(const Json& profile) {
  if (!profile.is_object()) return unusable("it is no JSON object");
  const Json schema = member(profile, "schema");
  if (schema != profile_schema) {
    return {ErrorCode::invalid_argument,
            fmt::format("this is no profile of this version (its schema is {} instead of \"{}\") "
                        "make one with `buddy profile --json`",
                        schema.dump(), profile_schema)};
  }
  const Json placement = member(member(profile, "job"), "placement");
  if (placement == "host") return {};
  return {ErrorCode::invalid_argument,
          fmt::format("this profile cannot be predicted from (it was made in placement {}, where "
                      "the engine's work is not the ranks') profile the program in host placement",
                      placement.dump())};
}

RankWork work_of(const Json& rank, Numbers& number) {
  const Json time = member(rank, "time");
  RankWork wall;
  for (const auto& [name, where] : work_members) wall.*where = number(time, name);
  wall.waiting -= number(time, "asleep");  // what people read as waiting includes it
  return predict::scale_to_cpu_time(wall, number(rank, "host_cpu_seconds"));
}

int cpus_of(const Json& job) {
  const Json cpus = member(job, "host_cpus");
  return cpus.is_array() && !cpus.empty() ? static_cast<int>(cpus.size()) : 1;
}

}  // namespace

Result<HostRun> host_run_of(const Json& profile) {
  const Status kind = check_kind(profile);
  if (!kind.ok()) return kind;
  Numbers number;
  const Json total = member(profile, "total");
  HostRun run;
  run.seconds = number(total, "seconds");
  run.host_cpus = cpus_of(member(profile, "job"));
  run.nodes = static_cast<int>(number(member(profile, "job"), "nodes"));
  run.messages = number(total, "messages");
  run.payload_bytes = number(total, "payload_bytes");
  run.wire_bytes = number(total, "wire_bytes");
  run.barriers = number(total, "barriers");
  run.blocks = number(total, "blocks");
  const Json flushes = member(total, "flushes");
  run.partial_blocks = number(flushes, "poll") + number(flushes, "idle");
  const Json ranks = member(profile, "ranks");
  if (!ranks.is_array() || ranks.empty()) return unusable("it has no ranks");
  for (const Json& rank : ranks) {
    run.ranks.push_back(work_of(rank, number));
    run.block_bytes += number(rank, "block_bytes");
  }
  const Status complete = number.status();
  if (!complete.ok()) return complete;
  if (run.seconds <= 0) return unusable("it took no time");
  if (run.nodes < 1) return unusable("it has no nodes");
  const Json ratio = member(total, "memory_to_communication_ratio");
  if (ratio.is_number()) run.memory_to_communication_ratio = ratio.get<double>();
  return run;
}

Json to_json(const HostRun& run) {
  Json ranks = Json::array();
  for (const RankWork& work : run.ranks) {
    Json rank = Json::object();
    for (const auto& [name, where] : work_members) rank[name] = work.*where;
    ranks.push_back(std::move(rank));
  }
  const auto& ratio = run.memory_to_communication_ratio;
  return {{"seconds", run.seconds},
          {"host_cpus", run.host_cpus},
          {"nodes", run.nodes},
          {"messages", run.messages},
          {"payload_bytes", run.payload_bytes},
          {"block_bytes", run.block_bytes},
          {"wire_bytes", run.wire_bytes},
          {"blocks", run.blocks},
          {"partial_blocks", run.partial_blocks},
          {"barriers", run.barriers},
          {"memory_to_communication_ratio", ratio ? Json(*ratio) : Json(nullptr)},
          {"rank_cpu_seconds", std::move(ranks)}};
}

Result<HostRun> host_run_from_json(const Json& json) {
  Numbers number;
  HostRun run;
  run.seconds = number(json, "seconds");
  run.host_cpus = static_cast<int>(number(json, "host_cpus"));
  run.nodes = static_cast<int>(number(json, "nodes"));
  run.messages = number(json, "messages");
  run.payload_bytes = number(json, "payload_bytes");
  run.block_bytes = number(json, "block_bytes");
  run.wire_bytes = number(json, "wire_bytes");
  run.blocks = number(json, "blocks");
  run.partial_blocks = number(json, "partial_blocks");
  run.barriers = number(json, "barriers");
  for (const Json& rank : member(json, "rank_cpu_seconds")) {
    RankWork work;
    for (const auto& [name, where] : work_members) work.*where = number(rank, name);
    run.ranks.push_back(work);
  }
  const Status complete = number.status();
  if (!complete.ok()) return complete;
  if (run.ranks.empty() || run.seconds <= 0 || run.nodes < 1) return unusable("a run is empty");
  const Json ratio = member(json, "memory_to_communication_ratio");
  if (ratio.is_number()) run.memory_to_communication_ratio = ratio.get<double>();
  return run;
}

}  // namespace buddy::tools
