#include "launch/exec_rank.hpp"

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <buddy_config.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "launch/failures.hpp"
#include "launch/job_processes.hpp"
#include "launch/process/cpu_list.hpp"
#include "launch/process/signal_gate.hpp"
#include "launch/process/task_group.hpp"
#include "launch/rank_place.hpp"

namespace buddy::launch {
namespace {

Status take_cpus(const RankPlace& place) {
  const char* list = std::getenv("BUDDY_HOST_CPUS");
  if (list == nullptr) return {};
  auto cpus = parse_cpu_list(list);
  if (!cpus.ok()) return cpus.status();
  if (!place.on_machine) return bind_to_cpus(cpus.value());
  return bind_to_cpus(cpus_of_rank(cpus.value(), place.on_machine->index, place.on_machine->ranks));
}

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2}) {
    sigaddset(&set, number);
  }
  return set;
}

[[noreturn]] void become(const std::vector<std::string>& program, const sigset_t& signals,
                         pid_t parent) {
  std::vector<std::string> words = program;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) raise(SIGKILL);
  sigprocmask(SIG_SETMASK, &signals, nullptr);
  setenv("UCX_DEBUG_SIGNO", "0", 0);  // or UCX catches SIGHUP before main()
  execvp(arguments[0], arguments.data());
  fmt::print(stderr, "buddy: cannot start {} ({}) check that it is an executable file\n",
             program[0], std::strerror(errno));
  _exit(127);
}

struct Watched {
  ExitState state;
  bool asked_to_stop = false;
};

/// Waits for the program's end, passing signals on meanwhile.
Watched watch(pid_t child, const sigset_t& signals) {
  Watched result;
  for (;;) {
    const int number = sigwaitinfo(&signals, nullptr);
    int status = 0;
    if (number == SIGCHLD && waitpid(child, &status, WNOHANG) == child) {
      result.state = ExitState::from_wait(status);
      return result;
    }
    if (number <= 0 || number == SIGCHLD) continue;
    result.asked_to_stop = result.asked_to_stop || asks_to_stop(number);
    kill(child, number);
  }
}

/// Ends this process the way the program ended.
[[noreturn]] void end_like(const ExitState& state) {
  if (state.signal != 0) {
    const rlimit no_core{0, 0};  // the program has written one, if it was to
    setrlimit(RLIMIT_CORE, &no_core);
    signal(state.signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    raise(state.signal);
  }
  _exit(state.exit_code());
}

}  // namespace

int exec_rank(const std::vector<std::string>& program) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto place = read_rank_place(BUDDY_MPI_FLAVOUR, ::getenv);
  Status placed = place.ok() ? take_cpus(place.value()) : place.status();
  if (placed.ok()) placed = join_task_group(Side::host);
  if (!placed.ok()) {
    fmt::print(stderr, "buddy: {}\n", placed.message());
    return EXIT_FAILURE;
  }
  const sigset_t signals = watched_signals();
  sigset_t before;
  sigprocmask(SIG_BLOCK, &signals, &before);
  const pid_t self = getpid();
  const pid_t child = fork();
  if (child == 0) become(program, before, self);
  if (child < 0) {
    fmt::print(stderr, "buddy: cannot start {} ({}) raise the limit on processes\n", program[0],
               std::strerror(errno));
    return EXIT_FAILURE;
  }
  const Watched ended = watch(child, signals);
  const char* job_dir = std::getenv(job_dir_variable);
  if (!ended.state.ok() && !ended.asked_to_stop && job_dir != nullptr) {
    record_failure(job_dir, {place.value().rank, child, ended.state});
  }
  end_like(ended.state);
}

}  // namespace buddy::launch
