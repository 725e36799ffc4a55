#include "tools/service/job_process.hpp"

#include <fmt/core.h>

#include <limits>
#include <utility>
#include <vector>

#include "engine/handover.hpp"
#include "launch/process/process.hpp"

namespace buddy::tools {
namespace {

std::vector<std::string> command_line(const JobProcessOptions& options, int channel) {
  std::vector<std::string> words = options.emulator;
  words.insert(words.end(), {launch::self_path(), "engine"});
  const auto add = [&](const char* option, std::string value) {
    words.insert(words.end(), {option, std::move(value)});
  };
  add("--listen", fmt::format("{}{}", handover_scheme, channel));
  add("--workers", fmt::format("{}", options.workers));
  if (!options.cpus.empty()) add("--cpus", options.cpus);
  const engine::JobLimits none;
  if (options.limits.max_ranks != none.max_ranks) {
    add("--max-ranks", fmt::format("{}", options.limits.max_ranks));
  }
  if (options.limits.max_memory_bytes != none.max_memory_bytes) {
    add("--max-memory", fmt::format("{}", options.limits.max_memory_bytes));
  }
  return words;
}

}  // namespace

Result<JobProcess> JobProcess::start(const JobId& id, const JobProcessOptions& options) {
  auto ends = engine::make_handover();
  if (!ends.ok()) return ends.status();
  const int job_end = ends.value().job.get();
  launch::SpawnOptions spawn{.argv = command_line(options, job_end)};
  spawn.environment = {{"BUDDY_JOB_KEY", to_string(options.key)},
                       {"BUDDY_JOB_ID", to_string(id)},
                       {"BUDDY_PEER_TIMEOUT", fmt::format("{}", options.peer_timeout_s)}};
  if (!options.device.empty()) spawn.environment.emplace_back("UCX_NET_DEVICES", options.device);
  spawn.kept_fds = {job_end};
  spawn.own_group = true;  // Ctrl-C is the service's to hear
  const auto pid = launch::spawn(spawn);
  if (!pid.ok()) return pid.status();
  return JobProcess(id, pid.value(), std::move(ends.value().service));
}

Status JobProcess::hand_over(transport::ControlSocket connection) {
  Status status = engine::hand_over(channel_.get(), std::move(connection));
  if (status.ok()) ++given_;
  return status;
}

bool JobProcess::is_over() { return engine::taken_when_all_had_gone(channel_.get()) == given_; }

}  // namespace buddy::tools
