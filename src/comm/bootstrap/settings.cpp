#include "comm/bootstrap/settings.hpp"

#include <cstdlib>
#include <limits>
#include <string_view>

#include "arena/knobs.hpp"
#include "arena/routing_choice.hpp"
#include "arena/sizes.hpp"
#include "base/whole_number.hpp"

namespace buddy::comm {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

Status bad_variable(const char* name, std::string_view value, const char* allowed) {
  return {ErrorCode::invalid_argument, std::string(name) + "=" + std::string(value) +
                                           " means nothing (allowed are " + allowed +
                                           ") correct the variable or leave it unset"};
}

Status read_placement(Settings& settings) {
  const std::string_view text = variable("BUDDY_PLACEMENT");
  if (text.empty() || text == "host") {
    settings.placement = Placement::host;
  } else if (text == "engine") {
    settings.placement = Placement::engine;
  } else {
    return bad_variable("BUDDY_PLACEMENT", text, "host and engine");
  }
  return {};
}

Status read_fabric(Settings& settings) {
  const std::string_view text = variable("BUDDY_FABRIC");
  if (text.empty() || text == "shm") {
    settings.fabric = FabricKind::shm;
  } else if (text == "ucx") {
    settings.fabric = FabricKind::ucx;
  } else {
    return bad_variable("BUDDY_FABRIC", text, "shm and ucx");
  }
  return {};
}

Status read_routing(Settings& settings) {
  const auto routing = arena::routing_from_environment();
  if (!routing.ok()) return routing.status();
  settings.routing = routing.value().value_or(settings.routing);
  return {};
}

/// Leaves \p number as it is if the variable is not set.
Status read_number(const char* name, int least, int most, const char* allowed, int& number) {
  const std::string_view text = variable(name);
  if (text.empty()) return {};
  const auto value = parse_whole<int>(text);
  if (!value || *value < least || *value > most) return bad_variable(name, text, allowed);
  number = *value;
  return {};
}

Status read_nodes(Settings& settings) {
  constexpr int any = std::numeric_limits<int>::max();  // what is too many depends on the ranks
  return read_number("BUDDY_NODES", -any, any, "whole numbers from 1", settings.nodes);
}

Status read_kept_sessions(Settings& settings) {
  return read_number("BUDDY_KEPT_SESSIONS", 0, 1000, "whole numbers from 0 to 1000",
                     settings.kept_sessions);
}

Status read_check(Settings& settings) {
  const std::string_view text = variable("BUDDY_CHECK");
  if (text.empty()) return {};
  if (text != "0" && text != "1") return bad_variable("BUDDY_CHECK", text, "0 and 1");
  settings.check = text == "1";
  return {};
}

Status read_seconds(const char* name, int& seconds) {
  constexpr int ten_years = 315'360'000;
  return read_number(name, 0, ten_years, "whole seconds from 0, which is never", seconds);
}

Status read_waits(Settings& settings) {
  Status status = read_seconds("BUDDY_WAIT_NOTICE_SECONDS", settings.notice_seconds);
  return status.ok() ? read_seconds("BUDDY_HANG_SECONDS", settings.hang_seconds) : status;
}

Status read_engine_address(Settings& settings) {
  const std::string_view text = variable("BUDDY_ENGINE_ADDRESS");
  if (text.empty()) return {};
  auto address = transport::parse_control_address(text);
  if (!address.ok()) {
    return {ErrorCode::invalid_argument, "BUDDY_ENGINE_ADDRESS: " + address.status().message()};
  }
  settings.engine_address = std::move(address.value());
  return {};
}

Status read_job_id(Settings& settings) {
  const std::string_view text = variable("BUDDY_JOB_ID");
  if (text.empty()) return {};
  auto id = parse_job_id(text);
  if (id.ok()) settings.job_id = id.value();
  return id.status();
}

Status read_link(Settings& settings) {
  const std::string_view text = variable("BUDDY_LINK");
  if (text.empty()) return {};
  if (text == "rings") {
    settings.link = transport::LinkKind::rings;
  } else if (text == "ucx") {
    settings.link = transport::LinkKind::network;
  } else {
    return bad_variable("BUDDY_LINK", text, "rings and ucx");
  }
  return {};
}

Status read_engine(Settings& settings) {
  settings.job_dir = variable("BUDDY_JOB_DIR");
  for (const auto read : {read_engine_address, read_job_id}) {
    if (Status status = read(settings); !status.ok()) return status;
  }
  if (settings.job_dir.empty() && !settings.engine_address) {
    return {ErrorCode::no_engine,
            "engine placement without engines (neither BUDDY_JOB_DIR nor BUDDY_ENGINE_ADDRESS is "
            "set) start the program with `buddy run --placement engine`"};
  }
  auto key = parse_job_key(variable("BUDDY_JOB_KEY"));
  if (!key.ok()) return key.status();
  settings.key = key.value();
  return {};
}

/// Machines of other ranks vanish in every placement.
Status read_peer_timeout(Settings& settings) {
  const auto seconds = peer_timeout_from_environment();
  if (seconds.ok()) settings.peer_timeout_s = seconds.value();
  return seconds.status();
}

Status read_knobs(Settings& settings) {
  const auto knobs = arena::knobs_from_environment();
  if (!knobs.ok()) return knobs.status();
  settings.knobs = knobs.value();
  return arena::check_knobs(settings.knobs);
}

}  // namespace

Result<Settings> read_settings(const Options& options) {
  Settings settings;
  settings.check = BUDDY_CHECKED != 0;
  for (const auto read :
       {read_placement, read_fabric, read_routing, read_link, read_nodes, read_kept_sessions,
        read_check, read_waits, read_peer_timeout, read_knobs}) {
    if (Status status = read(settings); !status.ok()) return status;
  }
  if (options.placement) settings.placement = *options.placement;
  if (options.fabric) settings.fabric = *options.fabric;
  if (options.routing) settings.routing = *options.routing;
  if (options.nodes) settings.nodes = *options.nodes;
  if (options.collect_bytes) settings.collect_bytes = *options.collect_bytes;
  if (settings.nodes < 1 || settings.nodes > arena::max_ranks) {
    return Status(ErrorCode::invalid_argument,
                  "the number of nodes is " + std::to_string(settings.nodes) +
                      " (it must be between 1 and the number of ranks) correct BUDDY_NODES");
  }
  if (settings.placement == Placement::engine) {
    if (Status status = read_engine(settings); !status.ok()) return status;
  }
  return settings;
}

}  // namespace buddy::comm
