// buddy engine: one engine in the foreground.
#include <fmt/core.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "base/affinity.hpp"
#include "engine/server.hpp"
#include "launch/process/cpu_list.hpp"
#include "launch/process/signal_gate.hpp"
#include "launch/process/task_group.hpp"
#include "tools/command/command.hpp"

namespace buddy::tools {
namespace {

struct EngineOptions {
  std::string listen;
  int workers = 1;
  std::string cpus;
  int ready_fd = -1;
};

std::atomic<bool> stop_asked{false};

void ask_to_stop(int) { stop_asked.store(true); }

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
  if (!launch::ignores_hangup()) sigaction(SIGHUP, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

/// Path of the socket in "unix:PATH".
Result<std::string> socket_path(const std::string& address) {
  constexpr std::string_view scheme = "unix:";
  if (!address.starts_with(scheme)) {
    return invalid(
        fmt::format("cannot listen on '{}' (ranks on other machines cannot reach an "
                    "engine in this version) use unix:PATH",
                    address));
  }
  if (address.size() == scheme.size()) {
    return invalid(
        "cannot listen on 'unix:' (the path is missing) write it like "
        "unix:/dev/shm/engine.sock");
  }
  return address.substr(scheme.size());
}

Result<JobKey> key_of_job() {
  const char* text = std::getenv("BUDDY_JOB_KEY");
  if (text == nullptr) {
    return invalid(
        "the job's key is not known (BUDDY_JOB_KEY is not set) set it to 32 hex digits, "
        "the same for the engine and its ranks");
  }
  return parse_job_key(text);
}

Result<engine::ServerOptions> server_options(const EngineOptions& options) {
  engine::ServerOptions server;
  const auto path = socket_path(options.listen);
  if (!path.ok()) return path.status();
  server.socket_path = path.value();
  server.workers = options.workers;
  if (options.workers < 1)
    return invalid("an engine has at least one worker choose another --workers");
  if (!options.cpus.empty()) {
    auto cpus = launch::parse_cpu_list(options.cpus);
    if (!cpus.ok()) return invalid("--cpus: " + cpus.status().message());
    const Status known = launch::check_cpus(cpus.value(), allowed_cpus(), "--cpus");
    if (!known.ok()) return known;
    server.cpus = std::move(cpus.value());
  }
  const auto key = key_of_job();
  if (!key.ok()) return key.status();
  server.key = key.value();
  return server;
}

void say_ready(int fd) {
  const char byte = 1;
  [[maybe_unused]] const ssize_t written = write(fd, &byte, 1);
  close(fd);
}

int run(const EngineOptions& options) {
  auto server = server_options(options);
  if (!server.ok()) return complain("engine", server.status().message(), usage_error);
  const Status joined = launch::join_task_group(launch::Side::engine);
  if (!joined.ok()) return complain("engine", joined.message());
  stop_on_signals();
  if (options.ready_fd >= 0) {
    server.value().on_ready = [fd = options.ready_fd] { say_ready(fd); };
  }
  const Status ended = engine::run_server(server.value(), stop_asked);
  return ended.ok() ? 0 : complain("engine", ended.message());
}

}  // namespace

Command add_engine_command(Parser parent) {
  auto options = std::make_shared<EngineOptions>();
  Parser app = add_command(
      parent,
      {.name = "engine",
       .usage = "buddy engine --listen unix:PATH [OPTIONS]",
       .description = "one engine in the foreground (`buddy run` starts engines by itself)"});
  app.add_option("--listen", options->listen, "socket to make, where ranks connect: unix:PATH")
      .required()
      .type_name("ADDRESS");
  app.add_option("--workers", options->workers, "threads that route (default: 1)").type_name("W");
  app.add_option("--cpus", options->cpus, "CPUs of the threads, like 0,2-3 (default: any)")
      .type_name("LIST");
  // For `buddy run`: gets a byte when ranks can connect.
  app.add_option("--ready-fd", options->ready_fd, "").hidden();
  app.footer(
      "BUDDY_JOB_KEY holds the secret that ranks must know, 32 hex digits. SIGTERM ends the "
      "engine.\n"
      "Example:\n"
      "  export BUDDY_JOB_KEY=$(od -An -tx8 -N16 /dev/urandom | tr -d ' ')\n"
      "  buddy engine --listen unix:/dev/shm/engine.sock");
  return {app, [options](const ExtraWords&) { return run(*options); }};
}

}  // namespace buddy::tools
