#include "tools/scale/scale_report.hpp"

#include <algorithm>

#include "arena/sizes.hpp"
#include "tools/report/json.hpp"
#include "wire/routes.hpp"

namespace buddy::tools {
namespace {

bool same_job(const ScaleCase& a, const ScaleCase& b) {
  return a.agents == b.agents && a.traffic == b.traffic && a.messages == b.messages;
}

Json json_of(const PerAgent& figure) { return {{"mean", figure.mean}, {"most", figure.most}}; }

Json json_of(const EngineMemory& memory) {
  return {{"channels", memory.channels}, {"blocks", memory.blocks},   {"links", memory.links},
          {"rings", memory.rings},       {"windows", memory.windows}, {"tables", memory.tables},
          {"total", memory.total()}};
}

Json json_of(const ScaleModel& model) {
  return {{"append_ns", model.append_ns},           {"route_ns", model.route_ns},
          {"deliver_ns", model.deliver_ns},         {"channel_ns", model.channel_ns},
          {"packet_ns", model.packet_ns},           {"byte_ns", model.byte_ns},
          {"near_packet_ns", model.near_packet_ns}, {"near_byte_ns", model.near_byte_ns},
          {"latency_ns", model.latency_ns},         {"near_latency_ns", model.near_latency_ns},
          {"gbytes_per_s", model.gbytes_per_s}};
}

/// What says which job it is.
Json subject_of(const ScaleCase& job) {
  return {{"agents", job.agents}, {"traffic", to_string(job.traffic)}, {"messages", job.messages}};
}

Json json_of(const ScaleResult& result) {
  Json json = subject_of(result.job);
  json["routing"] = wire::to_string(result.routing);
  json["ranks"] = result.job.ranks();
  json["nodes"] = result.job.nodes;
  json["payload_bytes"] = result.job.payload_bytes;
  json["seed"] = result.job.seed;
  json["memory"] = json_of(result.memory);
  json["arena_bytes"] = json_of(result.arena_bytes);
  json["resident_bytes"] = json_of(result.resident_bytes);
  json["in_flight_bytes"] = json_of(result.in_flight_bytes);
  json["channels"] = json_of(result.channels);
  json["packets"] = json_of(result.packets);
  json["bytes_per_packet"] = result.bytes_per_packet;
  json["messages_per_packet"] = result.messages_per_packet;
  json["forwarded"] = json_of(result.forwarded);
  json["along"] = result.along;
  json["across"] = result.across;
  json["seconds"] = result.seconds;
  json["waves"] = result.waves;
  json["barrier"] = {{"seconds", result.barrier_seconds},
                     {"waves", result.barrier_waves},
                     {"frames", result.barrier_frames}};
  json["run_seconds"] = result.run_seconds;
  json["verified"] = result.verified;
  return json;
}

Json json_of(const ScaleComparison& pair) {
  Json json = subject_of(pair.direct->job);
  json["packets"] = pair.packets();
  json["seconds"] = pair.seconds();
  json["fastest"] = wire::to_string(pair.fastest->routing);
  json["auto"] = wire::to_string(pair.automatic);
  json["auto_behind"] = or_null(pair.behind());
  return json;
}

}  // namespace

std::optional<double> ScaleComparison::behind() const noexcept {
  if (chosen == nullptr) return std::nullopt;
  return chosen->seconds / fastest->seconds - 1;
}

std::vector<ScaleComparison> compare(const std::vector<ScaleResult>& results) {
  std::vector<ScaleComparison> comparisons;
  for (const ScaleResult& direct : results) {
    if (direct.routing != Routing::direct) continue;
    ScaleCase left_to_us = direct.job;
    left_to_us.routing = Routing::automatic;
    ScaleComparison one{&direct, nullptr, &direct, nullptr, left_to_us.map().routing};
    for (const ScaleResult& other : results) {
      if (!same_job(direct.job, other.job)) continue;
      if (other.routing == Routing::grid) one.grid = &other;
      if (other.routing == one.automatic) one.chosen = &other;
      if (other.seconds < one.fastest->seconds) one.fastest = &other;
    }
    if (one.grid != nullptr) comparisons.push_back(one);
  }
  return comparisons;
}

std::vector<SizedJob> sizes_on_paper(const ScaleCase& like) {
  std::vector<SizedJob> jobs;
  for (std::uint32_t agents = 64; agents * like.ranks_per_agent <= arena::max_ranks; agents *= 4) {
    for (const Routing routing : {Routing::direct, Routing::grid}) {
      ScaleCase job = like;
      job.agents = agents;
      job.nodes = agents;
      job.routing = routing;
      jobs.push_back({job, engine_memory(job)});
    }
  }
  return jobs;
}

Json scale_report(const ScaleReport& report, const Machine& machine,
                  const std::vector<std::string>& command) {
  Json json;
  json["schema"] = "buddy.scale.v1";
  json["machine"] = machine.to_json();
  json["command"] = command;
  json["partial"] = report.partial;
  json["answer"] = scale_answer(report);
  json["model"] = json_of(report.model);
  json["results"] = Json::array();
  for (const ScaleResult& result : report.results) json["results"].push_back(json_of(result));
  json["comparisons"] = Json::array();
  for (const ScaleComparison& pair : compare(report.results)) {
    json["comparisons"].push_back(json_of(pair));
  }
  json["paper"] = Json::array();
  for (const SizedJob& sized : report.paper) {
    json["paper"].push_back({{"agents", sized.job.agents},
                             {"routing", wire::to_string(sized.job.routing)},
                             {"memory", json_of(sized.memory)}});
  }
  return json;
}

}  // namespace buddy::tools
