#include "launch/rank_program.hpp"

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace buddy::launch {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2}) {
    sigaddset(&set, number);
  }
  return set;
}

namespace {

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

}  // namespace

Result<pid_t> start_rank(const std::vector<std::string>& program, const sigset_t& signals) {
  const pid_t self = getpid();
  const pid_t child = fork();
  if (child == 0) become(program, signals, self);
  if (child > 0) return child;
  return Status(ErrorCode::system, fmt::format("cannot start {} ({}) raise the limit on processes",
                                               program[0], std::strerror(errno)));
}

void end_like(const ExitState& state) {
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

}  // namespace buddy::launch
