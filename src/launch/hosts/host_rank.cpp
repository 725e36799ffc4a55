#include "launch/hosts/host_rank.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <buddy_config.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "arena/job_dir.hpp"
#include "base/affinity.hpp"
#include "base/host_name.hpp"
#include "base/peer_timeout.hpp"
#include "launch/hosts/engine_table.hpp"
#include "launch/hosts/host_cpus.hpp"
#include "launch/hosts/machine_engines.hpp"
#include "launch/hosts/returned_files.hpp"
#include "launch/janitor.hpp"
#include "launch/job_processes.hpp"
#include "launch/process/cpu_list.hpp"
#include "launch/process/signal_gate.hpp"
#include "launch/rank_place.hpp"
#include "launch/rank_program.hpp"
#include "launch/report/report_caller.hpp"

namespace buddy::launch {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto machine_start_limit = std::chrono::seconds(20);
constexpr milliseconds engine_grace{5000};
constexpr milliseconds lost_grace{300};  ///< where the command or its machine has vanished
constexpr int look_ms = 200;
/// Others that have said their last words may be starved, or stopped by a debugger, on their way
/// out.
constexpr int others_grace_ms = 10'000;

/// Everything that there is of one rank on its machine.
class HostRank {
 public:
  HostRank(ReportLine line, LocalPlace place, std::string job_dir);

  ExitState run(const std::vector<std::string>& program);

 private:
  Status prepare();
  Status take_directory();
  Status plan_engines();
  Status prepare_machine();
  Status await_machine();
  Status take_cpus();
  void watch_program(const std::vector<std::string>& program);
  void await_finish();
  void end_machine();
  void end_engines();
  void say_what_is_lost();
  [[noreturn]] void leave_to_janitor();

  void wait(int timeout_ms);
  void wait_until(Clock::time_point limit, const std::function<bool()>& going);
  void take_signals();
  void take_reports();
  void reap();
  void kill_late();

  ReportStream stream_;
  report::Welcome welcome_;
  LocalPlace place_;
  std::string job_dir_;
  std::string own_folder_;  ///< of this rank, in the job's directory
  sigset_t before_{};
  UniqueFd signals_;
  HostCpus cpus_;
  JobPlan plan_;  ///< of this machine's engines

  // Of the first rank of a machine.
  std::optional<arena::JobDir> directory_;
  std::unique_ptr<Janitor> janitor_;
  std::optional<MachineEngines> engines_;
  bool engine_failure_told_ = false;

  pid_t daemon_ = getppid();  ///< of the launcher
  pid_t child_ = -1;
  std::optional<ExitState> ended_;
  bool asked_to_stop_ = false;
  std::optional<Clock::time_point> kill_at_;
  bool finish_ = false;  ///< the command has heard everything
  bool lost_ = false;    ///< the command, or the way to it
};

HostRank::HostRank(ReportLine line, LocalPlace place, std::string job_dir)
    : stream_(std::move(line.stream)),
      welcome_(std::move(line.welcome)),
      place_(place),
      job_dir_(std::move(job_dir)),
      own_folder_(fmt::format("{}/rank-{}", job_dir_, place.index)) {
  const sigset_t signals = watched_signals();
  sigprocmask(SIG_BLOCK, &signals, &before_);
  signals_ = UniqueFd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

ExitState HostRank::run(const std::vector<std::string>& program) {
  Status prepared = prepare();
  if (prepared.ok() && !lost_ && !asked_to_stop_) {
    watch_program(program);
  } else if (!prepared.ok()) {
    stream_.send(report::Failed{0, EXIT_FAILURE, 0, prepared.message()});
  }
  await_finish();
  end_machine();
  std::error_code ignored;
  std::filesystem::remove_all(own_folder_, ignored);
  return ended_.value_or(ExitState{.code = EXIT_FAILURE});
}

Status HostRank::prepare() {
  // First, as the launcher's daemon has made the directory: it goes whatever is wrong.
  if (place_.index == 0) {
    if (Status taken = take_directory(); !taken.ok()) return taken;
  }
  auto cpus = cpus_on_host(welcome_, allowed_cpus());
  if (!cpus.ok()) return cpus.status();
  cpus_ = std::move(cpus.value());
  Status status = place_.index == 0 ? prepare_machine() : await_machine();
  if (status.ok()) status = take_cpus();
  return status;
}

Status HostRank::take_directory() {
  auto directory = arena::JobDir::take_over(job_dir_);
  if (!directory.ok()) return directory.status();
  // Nobody's, or that of the command on this very machine, which then looks after it.
  directory_ = std::move(directory.value());
  if (directory_) janitor_ = std::make_unique<Janitor>(*directory_);
  return {};
}

Status HostRank::plan_engines() {
  const auto place = place_named(welcome_.placement);
  if (!place) return {ErrorCode::mismatch, "the command names a placement that is not known"};
  plan_.placement = *place;
  if (!welcome_.dpu.empty()) {
    const auto dpu = parse_dpu(welcome_.dpu);
    if (!dpu.ok()) return dpu.status();
    plan_.dpu = dpu.value();
  }
  plan_.nodes = static_cast<int>(welcome_.engines);
  plan_.workers = static_cast<int>(welcome_.workers);
  if (plan_.placement == Place::shared) cpus_.engine = cpus_.host;
  plan_.engine_cpus = cpus_.engine;
  return {};
}

Status HostRank::prepare_machine() {
  if (Status status = plan_engines(); !status.ok()) return status;
  engines_.emplace(plan_, job_dir_);
  if (Status status = engines_->start(); !status.ok()) return status;
  const auto limit = Clock::now() + machine_start_limit;
  for (;;) {
    const auto ready = engines_->ready();
    if (!ready.ok()) return ready.status();
    if (ready.value() || lost_ || asked_to_stop_) break;
    if (Clock::now() >= limit) {
      return {ErrorCode::timeout,
              "the engines of this machine are not ready after 20 s (it may be overloaded) try "
              "again with fewer ranks or nodes"};
    }
    wait(10);
  }
  const UniqueFd mark(
      open((job_dir_ + "/ready").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (mark) return {};
  return {ErrorCode::system,
          fmt::format("cannot write to {} (it may be full) make room in /dev/shm", job_dir_)};
}

Status HostRank::await_machine() {
  const auto limit = Clock::now() + machine_start_limit * 2;
  while (!lost_ && !asked_to_stop_ && access((job_dir_ + "/ready").c_str(), F_OK) != 0) {
    if (Clock::now() >= limit) {
      return {ErrorCode::timeout,
              fmt::format("{} is not there after 40 s (the first rank of this machine makes it) "
                          "let all processes of a machine share /dev/shm",
                          job_dir_)};
    }
    wait(5);
  }
  return {};
}

Status HostRank::take_cpus() {
  const auto ranks = static_cast<std::size_t>(place_.ranks);
  // Ranks that share a CPU must not spin inside MPI until their time slice ends.
  if (ranks > cpus_.host.size()) setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
  return bind_to_cpus(cpus_of_rank(cpus_.host, place_.index, place_.ranks));
}

void HostRank::watch_program(const std::vector<std::string>& program) {
  place_files(welcome_, own_folder_);
  if (!welcome_.engine_address.empty()) {
    setenv(engine_address_variable, welcome_.engine_address.c_str(), 1);
  }
  unsetenv(report_variable);  // what it starts belongs to itself
  const auto child = start_rank(program, before_);
  if (!child.ok()) {
    stream_.send(report::Failed{0, EXIT_FAILURE, 0, child.status().message()});
    return;
  }
  child_ = child.value();
  stream_.send(report::Started{static_cast<std::uint32_t>(cpus_.host.size()),
                               static_cast<std::uint32_t>(cpus_.engine.size())});
  while (!ended_) {
    wait(engines_ || kill_at_ ? look_ms : -1);
    if (engines_) engines_->look();
  }
  for (report::File& file : written_files(own_folder_)) stream_.send(std::move(file));
  if (!ended_->ok() && !asked_to_stop_) {
    stream_.send(report::Failed{static_cast<std::uint32_t>(child_),
                                static_cast<std::uint32_t>(ended_->code),
                                static_cast<std::uint32_t>(ended_->signal),
                                {}});
  }
}

/// The connection must not end before the command has read what was sent; and the first rank of a
/// machine stays until all others there have ended.
void HostRank::await_finish() {
  stream_.send(report::Ended{});
  while (!finish_ && !lost_) {
    wait(stream_.flush() ? 10 : look_ms);
    if (engines_) engines_->look();
  }
}

void HostRank::end_machine() {
  if (lost_) say_what_is_lost();
  if (engines_) end_engines();
  if (!directory_) return;
  if (lost_) leave_to_janitor();
  janitor_.reset();  // it would be found, too
  // The others have said their last words, and need a moment to go. Some launchers' daemons carry
  // the job's mark, too (Slurm passes the whole environment on): they end by themselves.
  end_processes_of_job(job_dir_, others_grace_ms, daemon_);
  directory_.reset();
  if (!ended_ || !ended_->ok()) arena::remove_stale_job_dirs();
}

void HostRank::end_engines() {
  engines_->kill_all(SIGTERM);
  wait_until(Clock::now() + (lost_ ? lost_grace : engine_grace),
             [this] { return engines_->running(); });
  engines_->kill_all(SIGKILL);
  while (engines_->running()) wait(20);
  for (report::EngineEnded& usage : engines_->usage()) stream_.send(usage);
}

void HostRank::say_what_is_lost() {
  fmt::print(stderr,
             "buddy: {}: the command that started this rank has ended or vanished (its connection "
             "broke) look at its machine\n",
             welcome_.host);
}

/// The launcher's daemon on this machine may wait for minutes for a machine that does not answer.
/// It takes this process with it, at any moment: the janitor hears of that, and does the rest.
void HostRank::leave_to_janitor() {
  for (const int number : {SIGTERM, SIGKILL}) {
    // Whoever takes orphans over is not to be killed.
    if (daemon_ > 1 && getppid() == daemon_) kill(daemon_, number);
    wait_until(Clock::now() + lost_grace, [this] { return getppid() == daemon_; });
  }
  _exit(EXIT_FAILURE);
}

void HostRank::wait_until(Clock::time_point limit, const std::function<bool()>& going) {
  while (going() && Clock::now() < limit) wait(20);
}

void HostRank::wait(int timeout_ms) {
  std::array<pollfd, 2> fds = {pollfd{signals_.get(), POLLIN, 0}, pollfd{stream_.fd(), POLLIN, 0}};
  poll(fds.data(), fds.size(), timeout_ms);
  take_signals();
  take_reports();
  reap();
  kill_late();
}

void HostRank::take_signals() {
  signalfd_siginfo info{};
  while (read(signals_.get(), &info, sizeof info) == sizeof info) {
    const int number = static_cast<int>(info.ssi_signo);
    if (number == SIGCHLD) continue;
    asked_to_stop_ = asked_to_stop_ || asks_to_stop(number);
    if (child_ > 0 && !ended_) kill(child_, number);
  }
}

void HostRank::take_reports() {
  if (lost_ || stream_.fd() < 0) return;
  stream_.receive();
  while (const auto message = stream_.next(report_limit)) {
    if (std::holds_alternative<report::Finish>(*message)) finish_ = true;
    const auto* end = std::get_if<report::End>(&*message);
    if (end == nullptr) continue;
    asked_to_stop_ = true;
    if (child_ > 0 && !ended_) kill(child_, static_cast<int>(end->signal));
    kill_at_ = Clock::now() + milliseconds(end->grace_ms);
  }
  if (stream_.state() == ReportStream::State::open || finish_) return;
  lost_ = true;
  asked_to_stop_ = true;
  kill_at_ = Clock::now();
}

void HostRank::reap() {
  int status = 0;
  rusage usage{};
  for (pid_t pid = 0; (pid = wait4(-1, &status, WNOHANG, &usage)) > 0;) {
    if (pid == child_) ended_ = ExitState::from_wait(status);
    if (engines_) engines_->note_end(pid, status, usage);
  }
  if (!engines_ || engine_failure_told_ || finish_) return;
  if (const auto failure = engines_->failure()) {
    stream_.send(*failure);
    engine_failure_told_ = true;
  }
}

void HostRank::kill_late() {
  if (kill_at_ && child_ > 0 && !ended_ && Clock::now() >= *kill_at_) kill(child_, SIGKILL);
}

Result<ReportLine> call(const RankPlace& place) {
  const char* key_text = std::getenv("BUDDY_JOB_KEY");
  const auto key = parse_job_key(key_text != nullptr ? key_text : "");
  if (!key.ok()) return key.status();
  const auto seconds = peer_timeout_from_environment();
  if (!seconds.ok()) return seconds.status();
  return call_command({.addresses = std::getenv(report_variable),
                       .key = key.value(),
                       .peer_timeout_s = seconds.value(),
                       .rank = static_cast<std::uint32_t>(place.rank),
                       .local_index = static_cast<std::uint32_t>(place.on_machine->index),
                       .local_ranks = static_cast<std::uint32_t>(place.on_machine->ranks)});
}

int complain(const std::string& message) {
  fmt::print(stderr, "buddy: {}: {}\n", host_name(), message);
  return EXIT_FAILURE;
}

}  // namespace

int exec_rank_on_host(const std::vector<std::string>& program) {
  const auto place = read_rank_place(BUDDY_MPI_FLAVOUR, ::getenv);
  if (!place.ok()) return complain(place.status().message());
  const char* job_dir = std::getenv(job_dir_variable);
  if (!place.value().on_machine || job_dir == nullptr) {
    return complain(
        "this rank does not know its place (the launcher's variables are missing) "
        "start it with `buddy run --hosts`");
  }
  auto line = call(place.value());
  if (!line.ok()) return complain(line.status().message());
  ExitState ended;
  {
    HostRank rank(std::move(line.value()), *place.value().on_machine, job_dir);
    ended = rank.run(program);
  }
  end_like(ended);
}

}  // namespace buddy::launch
