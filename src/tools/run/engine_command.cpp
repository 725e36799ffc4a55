// buddy engine: one engine in the foreground.
#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "arena/sizes.hpp"
#include "base/affinity.hpp"
#include "base/key_file.hpp"
#include "base/peer_timeout.hpp"
#include "base/small_files.hpp"
#include "base/whole_number.hpp"
#include "engine/server.hpp"
#include "launch/process/cpu_list.hpp"
#include "launch/process/process.hpp"
#include "launch/process/signal_gate.hpp"
#include "launch/process/task_group.hpp"
#include "tools/command/command.hpp"
#include "tools/command/sizes.hpp"
#include "tools/service/net_devices.hpp"
#include "tools/service/service.hpp"

namespace buddy::tools {
namespace {

struct EngineOptions {
  std::string listen;
  int workers = 1;
  std::string cpus;
  std::string key_file;
  std::optional<int> max_ranks;
  std::optional<std::uint64_t> max_memory_bytes;
  std::optional<int> jobs;
  std::string device;
  std::optional<int> peer_timeout_s;
  std::string port_file;
  int ready_fd = -1;
  bool shares_cores = false;
  bool any_cpu = false;
  std::string dpu;
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

Result<JobKey> key_for(const EngineOptions& options) {
  if (options.key_file == "-") return read_key_from_input();
  if (!options.key_file.empty()) return read_key_file(options.key_file);
  const char* text = std::getenv("BUDDY_JOB_KEY");
  if (text == nullptr) {
    return invalid(
        "the job's key is not known (BUDDY_JOB_KEY is not set) set it to 32 hex digits, "
        "the same for the engine and its ranks, or give --key-file");
  }
  return parse_job_key(text);
}

Status check_cpu_list(const EngineOptions& options, std::vector<int>& parsed) {
  if (options.cpus.empty()) return {};
  auto cpus = launch::parse_cpu_list(options.cpus);
  if (!cpus.ok()) return invalid("--cpus: " + cpus.status().message());
  parsed = std::move(cpus.value());
  return launch::check_cpus(parsed, allowed_cpus(), "--cpus");
}

/// Words of BUDDY_EMULATOR, of which the first is a program.
Result<std::vector<std::string>> emulator() {
  const char* text = std::getenv("BUDDY_EMULATOR");
  std::vector<std::string> words;
  for (const std::string_view word : split(text == nullptr ? "" : text, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  if (words.empty()) return words;
  auto program = launch::find_program(words[0]);
  if (!program.ok()) return invalid("BUDDY_EMULATOR: " + program.status().message());
  words[0] = program.value();
  return words;
}

Result<engine::ServerOptions> server_options(const EngineOptions& options) {
  engine::ServerOptions server;
  server.workers = options.workers;
  if (options.workers < 1)
    return invalid("an engine has at least one worker choose another --workers");
  if (Status known = check_cpu_list(options, server.cpus); !known.ok()) return known;
  const auto key = key_for(options);
  if (!key.ok()) return key.status();
  server.key = key.value();
  server.shares_cores = options.shares_cores;
  server.any_cpu = options.any_cpu;
  if (!options.dpu.empty()) {
    auto dpu = parse_dpu(options.dpu);
    if (!dpu.ok()) return dpu.status();
    server.dpu = std::move(dpu.value());
  }
  const auto timeout = options.peer_timeout_s ? Result<int>(*options.peer_timeout_s)
                                              : peer_timeout_from_environment();
  if (!timeout.ok()) return timeout.status();
  server.peer_timeout_s = timeout.value();
  if (options.max_ranks) server.limits.max_ranks = static_cast<std::uint32_t>(*options.max_ranks);
  if (options.max_memory_bytes) server.limits.max_memory_bytes = *options.max_memory_bytes;
  return server;
}

Result<ServiceOptions> service_options(const EngineOptions& options,
                                       const transport::ControlAddress& address,
                                       const engine::ServerOptions& server) {
  ServiceOptions service;
  service.address = address;
  if (options.jobs) service.max_jobs = *options.jobs;
  service.peer_timeout_s = server.peer_timeout_s;
  if (!options.device.empty()) {
    if (Status known = check_net_devices(options.device); !known.ok()) {
      return invalid("--device: " + known.message());
    }
  }
  auto run_by = emulator();
  if (!run_by.ok()) return run_by.status();
  service.job = {.workers = server.workers,
                 .cpus = server.cpus,
                 .device = options.device,
                 .emulator = std::move(run_by.value()),
                 .key = server.key,
                 .limits = server.limits,
                 .peer_timeout_s = server.peer_timeout_s};
  service.port_file = options.port_file;
  return service;
}

/// Options of a service, which an engine of one job has no use for.
Status check_no_service(const EngineOptions& options) {
  const char* useless = options.jobs                 ? "--jobs"
                        : !options.device.empty()    ? "--device"
                        : options.peer_timeout_s     ? "--peer-timeout"
                        : !options.port_file.empty() ? "--port-file"
                                                     : nullptr;
  if (useless == nullptr) return {};
  return invalid(
      fmt::format("{} is for services (this engine listens at a path, for one job) leave "
                  "it out, or listen at tcp:ADDRESS",
                  useless));
}

void say_ready(int fd) {
  const char byte = 1;
  [[maybe_unused]] const ssize_t written = write(fd, &byte, 1);
  close(fd);
}

/// The number behind "handover:".
std::optional<int> handover_fd(const std::string& listen) {
  const std::string_view scheme = handover_scheme;
  if (!listen.starts_with(scheme)) return std::nullopt;
  return parse_whole<int>(std::string_view(listen).substr(scheme.size()));
}

Status run_handed_over(const engine::ServerOptions& server, int fd) {
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  stop_on_signals();
  return engine::run_job(server, UniqueFd(fd), stop_asked);
}

Status run_at_path(const EngineOptions& options, const engine::ServerOptions& server,
                   const std::string& path) {
  stop_on_signals();
  engine::ListenOptions listen{.socket_path = path};
  if (options.ready_fd >= 0) listen.on_ready = [&options] { say_ready(options.ready_fd); };
  return engine::run_server(server, listen, stop_asked);
}

Status run_at_port(const EngineOptions& options, const engine::ServerOptions& server,
                   const transport::ControlAddress& address) {
  auto service = service_options(options, address, server);
  if (!service.ok()) return service.status();
  if (options.ready_fd >= 0) {
    service.value().on_ready = [&options] { say_ready(options.ready_fd); };
  }
  return run_service(service.value());
}

Status run_engine(const EngineOptions& options) {
  const std::optional<int> handover = handover_fd(options.listen);
  transport::ControlAddress address;
  if (!handover) {
    auto parsed = transport::parse_control_address(options.listen);
    if (!parsed.ok()) return invalid("--listen: " + parsed.status().message());
    address = std::move(parsed.value());
    if (!address.is_tcp()) {
      if (Status simple = check_no_service(options); !simple.ok()) return simple;
    }
  }
  auto server = server_options(options);
  if (!server.ok()) return server.status();
  Status joined = launch::join_task_group(launch::Side::engine);
  if (!joined.ok()) return joined;
  if (address.is_tcp() && !options.dpu.empty()) {
    return invalid(
        "--dpu is for engines of one job (ranks of a service may be on machines with other "
        "clocks) listen at unix:PATH, or leave it out");
  }
  if (handover) return run_handed_over(server.value(), *handover);
  return address.is_tcp() ? run_at_port(options, server.value(), address)
                          : run_at_path(options, server.value(), address.place);
}

int run(const EngineOptions& options) {
  const Status ended = run_engine(options);
  if (ended.ok()) return 0;
  const bool misused = ended.code() == ErrorCode::invalid_argument;
  return complain("engine", ended.message(), misused ? usage_error : 1);
}

void add_service_options(Parser app, EngineOptions& options) {
  app.add_option("--jobs", options.jobs, "tcp: jobs that are served at a time (default: 4)")
      .type_name("N")
      .range(1, 1000);
  app.add_option("--device", options.device,
                 "tcp: network device for UCX, like mlx5_0:1 or eth0 (default: UCX chooses)")
      .type_name("NAME");
  app.add_option("--peer-timeout", options.peer_timeout_s,
                 "tcp: seconds of silence that make a machine a lost one (default: 10)")
      .type_name("S")
      .range(1, most_peer_timeout_s);
  app.add_option("--port-file", options.port_file, "tcp: file to write the port to")
      .type_name("FILE");
}

void add_limit_options(Parser app, EngineOptions& options) {
  app.add_option("--key-file", options.key_file,
                 "file with the key, yours alone; -: standard input (default: BUDDY_JOB_KEY)")
      .type_name("FILE");
  app.add_option("--max-ranks", options.max_ranks,
                 fmt::format("ranks of one job (default: {})", arena::max_ranks))
      .type_name("N")
      .range(1, arena::max_ranks);
  const auto take_size = [&options](const std::string& text) {
    options.max_memory_bytes = parse_bytes(text);
    return options.max_memory_bytes ? std::string()
                                    : fmt::format("'{}' is no size write it like 512M or 4G", text);
  };
  app.add_option("--max-memory", take_size,
                 "memory for one job's rings and blocks, like 4G (default: no limit)")
      .type_name("SIZE");
}

}  // namespace

Command add_engine_command(Parser parent) {
  auto options = std::make_shared<EngineOptions>();
  Parser app = add_command(
      parent, {.name = "engine",
               .usage = "buddy engine --listen unix:PATH|tcp:ADDRESS[:PORT] [OPTIONS]",
               .description =
                   "an engine for one job, or a service (`buddy run` starts engines by itself)"});
  app.add_option("--listen", options->listen,
                 "where ranks connect: a socket to make, or a port (default: 7117)")
      .required()
      .type_name("ADDRESS");
  app.add_option("--workers", options->workers, "threads that route (default: 1)").type_name("W");
  app.add_option("--cpus", options->cpus, "CPUs of the threads, like 0,2-3 (default: any)")
      .type_name("LIST");
  app.add_option("--dpu", options->dpu,
                 "unix: emulate a DPU: bluefield3, or slowdown=X,latency_us=X,gbit=X")
      .type_name("DPU");
  add_limit_options(app, *options);
  add_service_options(app, *options);
  // For the processes of a service's jobs.
  app.add_flag("--shares-cores", options->shares_cores, "").hidden();
  // For `buddy run`: workers on any of --cpus, not on one each; and what gets a byte when ranks can
  // connect.
  app.add_flag("--any-cpu", options->any_cpu, "").hidden();
  app.add_option("--ready-fd", options->ready_fd, "").hidden();
  app.footer(
      "unix:PATH serves one job; tcp:ADDRESS serves jobs one after another and side by side, each\n"
      "in a process of its own. BUDDY_JOB_KEY or the key file holds the secret that ranks must\n"
      "know, 32 hex digits; it never travels. SIGTERM ends the engine.\n"
      "Examples:\n"
      "  export BUDDY_JOB_KEY=$(od -An -tx8 -N16 /dev/urandom | tr -d ' ')\n"
      "  buddy engine --listen unix:/dev/shm/engine.sock\n"
      "  buddy engine --listen tcp:192.0.2.7 --key-file /etc/buddy/key --jobs 8");
  return {app, [options](const ExtraWords&) { return run(*options); }};
}

}  // namespace buddy::tools
