#include "launch/job.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

#include "arena/job_dir.hpp"
#include "base/job_key.hpp"
#include "base/run_delay.hpp"
#include "base/unique_fd.hpp"
#include "launch/failures.hpp"
#include "launch/hosts/host_reports.hpp"
#include "launch/hosts/returned_files.hpp"
#include "launch/janitor.hpp"
#include "launch/job_processes.hpp"
#include "launch/process/signal_gate.hpp"
#include "launch/report/report_caller.hpp"

namespace buddy::launch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int engine_start_limit_ms = 10'000;
constexpr int grace_ms = 5'000;
constexpr int tick_ms = 200;
/// Time the launcher has to end a job by itself after a rank has failed.
constexpr auto failure_grace = std::chrono::seconds(3);
/// Time until the ranks of all machines have reported, and for each rank.
constexpr auto hosts_start_limit = std::chrono::seconds(60);
constexpr auto rank_start_limit = std::chrono::milliseconds(100);
/// Time for what was said last to arrive.
constexpr auto last_words_limit = std::chrono::seconds(2);
/// Time for the launcher to pass on what ranks have printed last.
constexpr auto last_output_limit = std::chrono::seconds(1);
/// Time to end by themselves for programs and the launcher of a job of which a machine has
/// vanished.
constexpr int vanished_grace_ms = 300;

/// A child process of ours.
struct Child {
  pid_t pid = -1;
  std::optional<ExitState> ended{};
  bool running() const { return pid > 0 && !ended; }
};

struct EngineProcess {
  Child child;
  int node = 0;
  UniqueFd ready;
  std::optional<std::uint64_t> run_delay_ns{};  ///< when last looked
};

int remaining_ms(Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
  return std::max(0, static_cast<int>(left.count()));
}

/// Makes orphans of the job children of this process, so that their ends are seen.
class Subreaper {
 public:
  Subreaper() { prctl(PR_SET_CHILD_SUBREAPER, 1); }
  ~Subreaper() { prctl(PR_SET_CHILD_SUBREAPER, 0); }
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

std::optional<double> seconds_of(const std::optional<std::uint64_t>& ns) {
  return ns ? std::optional(static_cast<double>(*ns) * 1e-9) : std::nullopt;
}

/// The state of run_job().
class Job {
 public:
  Job(const JobPlan& plan, const Launcher& launcher, const JobStreams& streams, SignalGate& gate,
      std::string dir)
      : plan_(plan),
        launcher_(launcher),
        streams_(streams),
        gate_(gate),
        dir_(std::move(dir)),
        watcher_(watch_directory(dir_)) {}

  JobOutcome run(const std::vector<std::string>& program, const Environment& more);

 private:
  void start_engines();
  void start_engine(int node);
  void await_engine(EngineProcess& engine, Clock::time_point limit);
  void start_launcher(const std::vector<std::string>& program);
  void watch();
  void find_service();
  void open_reports(const JobKey& key, const Environment& more);
  void watch_hosts();
  void hear_last_words(Clock::time_point limit);
  void shut_down();
  void shut_down_hosts();
  void end(Child& child, int patience_ms);

  void wait(int timeout_ms, std::span<pollfd> also = {});
  void reap();
  void look_at_engines();
  void note_engine_deaths();
  void judge_launcher();
  void fail(int exit_code, std::string message);
  bool going() const { return outcome_.exit_code == 0 && !outcome_.interrupted; }

  const JobPlan& plan_;
  const Launcher& launcher_;
  const JobStreams& streams_;
  SignalGate& gate_;
  std::string dir_;
  UniqueFd watcher_;                    ///< sees failures being recorded
  std::optional<HostReports> reports_;  ///< of a job on several machines
  Environment environment_;
  Subreaper subreaper_;
  std::vector<EngineProcess> engines_;
  Child ranks_;  ///< the MPI launcher
  bool stopping_ = false;
  bool impatient_ = false;  ///< asked to stop a second time
  JobOutcome outcome_;
};

JobOutcome Job::run(const std::vector<std::string>& program, const Environment& more) {
  const JobKey key = plan_.key ? *plan_.key : random_job_key();
  environment_ = job_environment(plan_, dir_, to_string(key));
  environment_.insert(environment_.end(), more.begin(), more.end());
  if (plan_.on_hosts()) {
    open_reports(key, more);
  } else {
    find_service();
    start_engines();
  }
  if (going()) start_launcher(program);
  if (going()) reports_ ? watch_hosts() : watch();
  shut_down();
  outcome_.host_cpus = reports_ ? reports_->host_cpus_in_use() : plan_.host_cpus_in_use();
  outcome_.engine_cpus = reports_ ? reports_->engine_cpus_in_use() : plan_.engine_cpus_in_use();
  return std::move(outcome_);
}

void Job::fail(int exit_code, std::string message) {
  if (!going()) return;  // the first cause counts
  outcome_.exit_code = exit_code;
  outcome_.message = std::move(message);
}

void Job::wait(int timeout_ms, std::span<pollfd> also) {
  const int number = gate_.wait(timeout_ms, also);
  if (number == SIGCHLD) reap();
  if (!asks_to_stop(number)) return;
  impatient_ = impatient_ || outcome_.interrupted;
  outcome_.interrupted = true;
  outcome_.exit_code = 128 + number;
  outcome_.message = fmt::format("stopped by signal {} ({})", number, strsignal(number));
}

void Job::reap() {
  int status = 0;
  pid_t pid = 0;
  rusage usage{};
  while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
    const ExitState state = ExitState::from_wait(status);
    if (pid == ranks_.pid) ranks_.ended = state;
    for (EngineProcess& engine : engines_) {
      if (pid != engine.child.pid) continue;
      engine.child.ended = state;
      outcome_.engines.push_back({.node = engine.node,
                                  .pid = pid,
                                  .user_seconds = seconds_of(usage.ru_utime),
                                  .system_seconds = seconds_of(usage.ru_stime),
                                  .peak_memory_bytes = std::uint64_t(usage.ru_maxrss) * 1024,
                                  .run_delay_seconds = seconds_of(engine.run_delay_ns)});
    }
  }
}

/// What is known of a thread is gone when it has ended.
void Job::look_at_engines() {
  for (EngineProcess& engine : engines_) {
    const auto delay_ns = process_run_delay_ns(engine.child.pid);
    if (delay_ns) engine.run_delay_ns = std::max(engine.run_delay_ns.value_or(0), *delay_ns);
  }
}

void Job::start_engines() {
  for (int node = 0; node < plan_.engines() && going(); ++node) start_engine(node);
  const auto limit =
      Clock::now() + std::chrono::milliseconds(engine_start_limit_ms) * plan_.patience;
  for (EngineProcess& engine : engines_) {
    if (going()) await_engine(engine, limit);
  }
}

void Job::start_engine(int node) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(1,
                fmt::format("cannot start the engine of node {} ({}) raise the limit on open files",
                            node, std::strerror(errno)));
  }
  UniqueFd ready(ends[0]);
  const UniqueFd to_engine(ends[1]);
  const auto pid =
      spawn({.argv = engine_command(plan_, launcher_.self, dir_, node, to_engine.get()),
             .environment = environment_,
             .stdout_fd = streams_.stdout_fd,
             .stderr_fd = streams_.stderr_fd,
             .kept_fds = {to_engine.get()},
             .own_group = true});
  if (!pid.ok()) return fail(1, pid.status().message());
  engines_.push_back({.child = {.pid = pid.value()}, .node = node, .ready = std::move(ready)});
}

void Job::await_engine(EngineProcess& engine, Clock::time_point limit) {
  while (going()) {
    std::array<pollfd, 1> ready = {pollfd{engine.ready.get(), POLLIN, 0}};
    const int patience_ms = remaining_ms(limit);
    wait(patience_ms, ready);
    char byte = 0;
    if ((ready[0].revents & POLLIN) != 0 && read(engine.ready.get(), &byte, 1) == 1) return;
    if (engine.child.ended) {
      return fail(1,
                  fmt::format("the engine of node {} did not start (it {}) see its message above",
                              engine.node, engine.child.ended->describe()));
    }
    if (patience_ms == 0) {
      return fail(1,
                  fmt::format("the engine of node {} is not ready after {} s (the machine may be "
                              "overloaded) try again with fewer ranks or nodes",
                              engine.node, engine_start_limit_ms / 1000 * plan_.patience));
    }
  }
}

void Job::start_launcher(const std::vector<std::string>& program) {
  // The launcher is not in the terminal's foreground group, so reading from it would stop it.
  UniqueFd null;
  int stdin_fd = streams_.stdin_fd;
  if (stdin_fd < 0 && isatty(STDIN_FILENO) == 1) {
    null = UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC));
    stdin_fd = null.get();
  }
  const auto pid = spawn(
      {.argv = launcher_command(plan_, launcher_, dir_, program, variables_to_pass(environment_)),
       .environment = environment_,
       .stdin_fd = stdin_fd,
       .stdout_fd = streams_.stdout_fd,
       .stderr_fd = streams_.stderr_fd,
       .own_group = true});
  if (!pid.ok()) return fail(1, pid.status().message());
  ranks_.pid = pid.value();
}

void Job::watch() {
  const bool looks = streams_.tick || !watcher_ || !engines_.empty();
  const int timeout_ms = looks ? streams_.tick_ms : -1;
  // Not every launcher ends a job when a rank fails; MPICH's waits for the rank's orphans.
  std::optional<Clock::time_point> limit;
  while (going() && ranks_.running() && !(limit && Clock::now() >= *limit)) {
    std::array<pollfd, 1> changes = {pollfd{watcher_.get(), POLLIN, 0}};
    wait(limit ? std::min(tick_ms, remaining_ms(*limit)) : timeout_ms, changes);
    drain(watcher_);
    if (streams_.tick) streams_.tick();
    look_at_engines();
    note_engine_deaths();
    if (!limit && first_failure(dir_)) limit = Clock::now() + failure_grace;
  }
  if (going()) judge_launcher();
}

/// Of this machine, where it is the only one.
void Job::find_service() {
  if (plan_.services.empty()) return;
  const Status status = check_engine_addresses({}, plan_.services);
  if (!status.ok()) return fail(1, status.message());
  environment_.emplace_back(engine_address_variable, plan_.services[0].uri());
}

/// Engines are started by who watches ranks on each machine, and files come back that way.
void Job::open_reports(const JobKey& key, const Environment& more) {
  HostReports::Files files;
  for (const auto& [name, value] : more) {
    if (name == result_variable) files.result = value;
    if (name == profile_variable) files.profiles = value;
  }
  auto reports = HostReports::open(plan_, key, std::move(files));
  if (!reports.ok()) return fail(1, reports.status().message());
  const std::string hosts = launcher_hosts(plan_, launcher_);
  const UniqueFd file(open(launcher_host_file(dir_).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!file || write(file.get(), hosts.data(), hosts.size()) != std::ssize(hosts)) {
    return fail(1, fmt::format("cannot write to {} ({}) make room in /dev/shm", dir_,
                               std::strerror(errno)));
  }
  reports_.emplace(std::move(reports.value()));
  environment_.emplace_back(report_variable, reports_->addresses());
}

void Job::watch_hosts() {
  const auto start_limit = Clock::now() + hosts_start_limit + plan_.ranks * rank_start_limit;
  std::optional<Clock::time_point> limit;
  while (going() && ranks_.running() && !(limit && Clock::now() >= *limit)) {
    std::array<pollfd, 1> reports = {pollfd{reports_->fd(), POLLIN, 0}};
    wait(limit ? std::min(tick_ms, remaining_ms(*limit)) : streams_.tick_ms, reports);
    reports_->step();
    if (streams_.tick) streams_.tick();
    const auto& failure = reports_->failure();
    if (failure && failure->final) break;
    if (failure && !limit) {
      limit = Clock::now() + failure_grace;
      reports_->end(SIGTERM, 1000);
    }
    if (failure && !failure->connection_lost && reports_->all_gone()) break;
    const auto missing = reports_->missing_host();
    if (missing && Clock::now() >= start_limit) {
      fail(1,
           fmt::format("{} does not start its ranks (not all of them have reported) see that the "
                       "launcher reaches it without asking for a password",
                       *missing));
    }
  }
  if (!going()) return;
  if (!ranks_.running()) hear_last_words(Clock::now() + last_words_limit);
  const auto& failure = reports_->failure();
  // Its ranks go with a launcher that is killed.
  const bool took_them = ranks_.ended && ranks_.ended->signal != 0;
  if (failure && !(failure->connection_lost && took_them)) {
    return fail(failure->exit_code, failure->message);
  }
  judge_launcher();
}

void Job::hear_last_words(Clock::time_point limit) {
  while (!reports_->all_gone() && !impatient_ && remaining_ms(limit) > 0) {
    std::array<pollfd, 1> reports = {pollfd{reports_->fd(), POLLIN, 0}};
    wait(std::min(tick_ms, remaining_ms(limit)), reports);
    reports_->step();
  }
}

/// An engine that ends by itself with success has seen its ranks leave; all else is a failure.
void Job::note_engine_deaths() {
  for (const EngineProcess& engine : engines_) {
    if (!engine.child.ended || engine.child.ended->ok()) continue;
    // An engine that gives up because a rank crashed is not the cause.
    if (engine.child.ended->signal == 0 && first_failure(dir_)) continue;
    fail(1,
         fmt::format("the engine of node {} failed ({}process {} {}) see its messages above, and "
                     "run again",
                     engine.node, stopping_ ? "when it was to end, " : "", engine.child.pid,
                     engine.child.ended->describe()));
  }
}

void Job::judge_launcher() {
  if (const auto failure = first_failure(dir_)) {
    return fail(failure->state.exit_code(),
                fmt::format("the program failed (rank {}, process {}, {}) see its messages above",
                            failure->rank, failure->pid, failure->state.describe()));
  }
  const ExitState state = ranks_.ended.value_or(ExitState{});
  if (state.ok()) return;
  fail(state.exit_code(), fmt::format("the MPI launcher failed ({} {}) see its messages above",
                                      launcher_.path, state.describe()));
}

void Job::end(Child& child, int patience_ms) {
  if (!child.running()) return;
  kill(child.pid, SIGTERM);
  const auto limit = Clock::now() + std::chrono::milliseconds(patience_ms);
  while (child.running() && !impatient_ && remaining_ms(limit) > 0) wait(remaining_ms(limit));
  if (!child.running()) return;
  kill(child.pid, SIGKILL);
  while (child.running()) wait(tick_ms);
}

void Job::shut_down() {
  stopping_ = true;
  if (reports_) shut_down_hosts();
  end(ranks_, grace_ms * plan_.patience);
  for (const EngineProcess& engine : engines_) {
    if (engine.child.running()) kill(engine.child.pid, SIGTERM);
  }
  for (EngineProcess& engine : engines_) end(engine.child, grace_ms * plan_.patience);
  if (going()) note_engine_deaths();
  end_processes_of_job(dir_, 0);
}

/// Everybody is told to end, and goes in good order; then the launcher has nothing left to do. It
/// may wait for minutes for a machine that has vanished.
void Job::shut_down_hosts() {
  const bool vanished = reports_->failure() && reports_->failure()->machine_vanished;
  const int patience_ms = vanished ? vanished_grace_ms : grace_ms;
  if (ranks_.running()) {
    reports_->end(SIGTERM, patience_ms);
    hear_last_words(Clock::now() + std::chrono::milliseconds(patience_ms) +
                    (vanished ? std::chrono::milliseconds(vanished_grace_ms)
                              : std::chrono::milliseconds(last_words_limit)));
  }
  if (reports_->all_gone()) {
    const auto limit = Clock::now() + last_output_limit;
    while (ranks_.running() && !vanished && !impatient_ && remaining_ms(limit) > 0) {
      wait(remaining_ms(limit));
    }
    // One that is ending a job already takes a request to end for another error, and crashes.
    if (ranks_.running()) kill(ranks_.pid, SIGKILL);
  }
  if (vanished) end(ranks_, vanished_grace_ms);
  outcome_.engines = reports_->engines();
}

}  // namespace

JobOutcome run_job(const JobPlan& plan, const Launcher& launcher,
                   const std::vector<std::string>& program, const Environment& more_environment,
                   const JobStreams& streams) {
  SignalGate gate;  // before there is anything to leave behind
  arena::remove_stale_job_dirs();
  const auto dir = arena::JobDir::create();
  if (!dir.ok()) return {.exit_code = 1, .message = dir.status().message()};
  const Janitor janitor(dir.value());
  Job job(plan, launcher, streams, gate, dir.value().path());
  const LoadMeter meter(plan);
  JobOutcome outcome = job.run(program, more_environment);
  // What this machine's CPUs did says nothing of the others'.
  outcome.load = plan.on_hosts() ? JobLoad{.seconds = meter.read().seconds} : meter.read();
  arena::remove_stale_job_dirs();  // those of ranks and engines that were killed
  return outcome;
}

}  // namespace buddy::launch
