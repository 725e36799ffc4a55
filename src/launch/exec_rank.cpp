#include "launch/exec_rank.hpp"

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <buddy_config.hpp>
#include <cstdio>
#include <cstdlib>

#include "launch/failures.hpp"
#include "launch/hosts/host_rank.hpp"
#include "launch/job_processes.hpp"
#include "launch/process/cpu_list.hpp"
#include "launch/process/signal_gate.hpp"
#include "launch/process/task_group.hpp"
#include "launch/rank_place.hpp"
#include "launch/rank_program.hpp"
#include "launch/report/report_caller.hpp"

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

}  // namespace

int exec_rank(const std::vector<std::string>& program) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (std::getenv(report_variable) != nullptr) return exec_rank_on_host(program);
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
  const auto child = start_rank(program, before);
  if (!child.ok()) {
    fmt::print(stderr, "buddy: {}\n", child.status().message());
    return EXIT_FAILURE;
  }
  const Watched ended = watch(child.value(), signals);
  const char* job_dir = std::getenv(job_dir_variable);
  if (!ended.state.ok() && !ended.asked_to_stop && job_dir != nullptr) {
    record_failure(job_dir, {place.value().rank, child.value(), ended.state});
  }
  end_like(ended.state);
}

}  // namespace buddy::launch
