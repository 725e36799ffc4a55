#include "tools/service/job_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/affinity.hpp"
#include "engine/handover.hpp"
#include "launch/process/process.hpp"

namespace buddy::tools {
namespace {

std::vector<std::string> command_line(const JobProcessOptions& options, const JobCores& cores,
                                      int channel) {
  std::vector<std::string> words = options.emulator;
  words.insert(words.end(), {launch::self_path(), "engine"});
  const auto add = [&](const char* option, std::string value) {
    words.insert(words.end(), {option, std::move(value)});
  };
  add("--listen", fmt::format("{}{}", handover_scheme, channel));
  add("--workers", fmt::format("{}", options.workers));
  if (!cores.cpus.empty()) add("--cpus", fmt::format("{}", fmt::join(cores.cpus, ",")));
  if (cores.shares_cores) words.emplace_back("--shares-cores");
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

JobCores cores_of_slot(const JobProcessOptions& options, std::size_t slot,
                       std::size_t usable_cpus) {
  const auto workers = static_cast<std::size_t>(options.workers);
  const std::size_t count = options.cpus.empty() ? usable_cpus : options.cpus.size();
  JobCores cores{.cpus = options.cpus, .shares_cores = slot > 0 && (slot + 1) * workers > count};
  if (!cores.cpus.empty()) {
    const std::size_t first = slot * workers % count;
    std::rotate(cores.cpus.begin(), cores.cpus.begin() + static_cast<std::ptrdiff_t>(first),
                cores.cpus.end());
    cores.cpus.resize(std::min(count, workers));
  }
  return cores;
}

Result<JobProcess> JobProcess::start(const JobId& id, std::size_t slot,
                                     const JobProcessOptions& options) {
  auto ends = engine::make_handover();
  if (!ends.ok()) return ends.status();
  const int job_end = ends.value().job.get();
  const JobCores cores = cores_of_slot(options, slot, allowed_cpus().size());
  launch::SpawnOptions spawn{.argv = command_line(options, cores, job_end)};
  spawn.environment = {{"BUDDY_JOB_KEY", to_string(options.key)},
                       {"BUDDY_JOB_ID", to_string(id)},
                       {"BUDDY_PEER_TIMEOUT", fmt::format("{}", options.peer_timeout_s)}};
  if (!options.device.empty()) spawn.environment.emplace_back("UCX_NET_DEVICES", options.device);
  spawn.kept_fds = {job_end};
  spawn.own_group = true;  // Ctrl-C is the service's to hear
  const auto pid = launch::spawn(spawn);
  if (!pid.ok()) return pid.status();
  return JobProcess(id, slot, pid.value(), std::move(ends.value().service));
}

Status JobProcess::hand_over(transport::ControlSocket connection) {
  Status status = engine::hand_over(channel_.get(), std::move(connection));
  if (status.ok()) ++given_;
  return status;
}

bool JobProcess::is_over() { return engine::taken_when_all_had_gone(channel_.get()) == given_; }

}  // namespace buddy::tools
