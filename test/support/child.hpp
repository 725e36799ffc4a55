// Code that runs in a process of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace buddy::test {

/// Forks and runs \p body, whose result (0 to 125) becomes the child's exit code.
/// Children do not run what is registered for exit. \return the child's pid
template <class Body>
pid_t start_child(Body body) {
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int result = body();
  std::fflush(nullptr);
  ::_exit(result);
}

/// \return the child's exit code, or 128 plus the signal that ended it
inline int wait_for_child(pid_t pid) {
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid) return 127;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace buddy::test
