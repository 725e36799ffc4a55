#include "launch/hosts/machine_engines.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/run_delay.hpp"

namespace buddy::launch {
namespace {

std::uint64_t microseconds_of(const timeval& time) {
  return std::uint64_t(time.tv_sec) * 1'000'000 + std::uint64_t(time.tv_usec);
}

}  // namespace

MachineEngines::MachineEngines(const JobPlan& plan, std::string job_dir)
    : plan_(plan), job_dir_(std::move(job_dir)) {}

Status MachineEngines::start() {
  for (int node = 0; node < plan_.engines(); ++node) {
    if (Status status = start_one(node); !status.ok()) return status;
  }
  return {};
}

Status MachineEngines::start_one(int node) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return {ErrorCode::system,
            fmt::format("cannot start the engine of node {} ({}) raise the limit on open files",
                        node, std::strerror(errno))};
  }
  UniqueFd ready(ends[0]);
  const UniqueFd to_engine(ends[1]);
  const auto pid = spawn({.argv = engine_command(plan_, self_path(), job_dir_, node, ends[1]),
                          .kept_fds = {to_engine.get()},
                          .own_group = true});
  if (!pid.ok()) return pid.status();
  Engine engine{.pid = pid.value(), .ready = std::move(ready)};
  engine.account.node = static_cast<std::uint32_t>(node);
  engine.account.pid = static_cast<std::uint32_t>(pid.value());
  engines_.push_back(std::move(engine));
  return {};
}

std::vector<int> MachineEngines::waits_for() const {
  std::vector<int> all;
  for (const Engine& engine : engines_) {
    if (!engine.listens) all.push_back(engine.ready.get());
  }
  return all;
}

Result<bool> MachineEngines::ready() {
  bool all = true;
  for (Engine& engine : engines_) {
    pollfd one{engine.ready.get(), POLLIN, 0};
    char byte = 0;
    if (!engine.listens && poll(&one, 1, 0) == 1 && read(one.fd, &byte, 1) == 1) {
      engine.listens = true;
    }
    if (engine.ended) {
      return Status(ErrorCode::system,
                    fmt::format("the engine of node {} did not start (it {}) see its message above",
                                engine.account.node, engine.ended->describe()));
    }
    all = all && engine.listens;
  }
  return all;
}

bool MachineEngines::note_end(pid_t pid, int status, const rusage& usage) {
  const auto engine = std::find_if(engines_.begin(), engines_.end(),
                                   [pid](const Engine& each) { return each.pid == pid; });
  if (engine == engines_.end()) return false;
  engine->ended = ExitState::from_wait(status);
  engine->account.user_us = microseconds_of(usage.ru_utime);
  engine->account.system_us = microseconds_of(usage.ru_stime);
  engine->account.peak_memory_bytes = std::uint64_t(usage.ru_maxrss) * 1024;
  return true;
}

void MachineEngines::look() {
  for (Engine& engine : engines_) {
    if (engine.ended) continue;
    const auto delay_ns = process_run_delay_ns(engine.pid);
    auto& known = engine.account.run_delay_ns;
    if (delay_ns && (known == report::EngineEnded::unknown || *delay_ns > known)) known = *delay_ns;
  }
}

void MachineEngines::kill_all(int signal) {
  for (const Engine& engine : engines_) {
    if (!engine.ended) ::kill(engine.pid, signal);
  }
}

bool MachineEngines::running() const {
  return std::any_of(engines_.begin(), engines_.end(),
                     [](const Engine& engine) { return !engine.ended; });
}

std::optional<report::EngineFailed> MachineEngines::failure() const {
  for (const Engine& engine : engines_) {
    if (!engine.ended || engine.ended->ok()) continue;
    return report::EngineFailed{engine.account.node, engine.account.pid,
                                static_cast<std::uint32_t>(engine.ended->code),
                                static_cast<std::uint32_t>(engine.ended->signal)};
  }
  return std::nullopt;
}

std::vector<report::EngineEnded> MachineEngines::usage() const {
  std::vector<report::EngineEnded> all;
  for (const Engine& engine : engines_) {
    if (engine.ended) all.push_back(engine.account);
  }
  return all;
}

}  // namespace buddy::launch
