// Starting programs and saying how they ended.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.hpp"

namespace buddy::launch {

/// How a process ended.
struct ExitState {
  int code = 0;    ///< its exit code, if it ended by itself
  int signal = 0;  ///< the signal that killed it, or 0

  bool ok() const noexcept { return code == 0 && signal == 0; }
  /// What a shell reports: the code, or 128 + signal.
  int exit_code() const noexcept { return signal != 0 ? 128 + signal : code; }
  /// "ended with exit code 3", "was killed by signal 9 (Killed)".
  std::string describe() const;
  /// From a status of waitpid() for a process that has ended.
  static ExitState from_wait(int status);
};

using Environment = std::vector<std::pair<std::string, std::string>>;

struct SpawnOptions {
  std::vector<std::string> argv;  ///< argv[0] is a path
  Environment environment{};      ///< added to this process's, or replacing what is there
  int stdin_fd = -1;              ///< -1: this process's
  int stdout_fd = -1;
  int stderr_fd = -1;
  std::vector<int> kept_fds{};  ///< stay open in the program under the same number
  bool own_group = false;       ///< terminal signals such as Ctrl-C do not reach it
  int death_signal = SIGTERM;   ///< what the program gets when the calling thread dies
};

/// Starts a program with default signal handling, except that an ignored hang-up stays ignored.
/// Errors: system, when the program cannot be started; then there is no process.
Result<pid_t> spawn(const SpawnOptions& options);

/// Path of this executable.
std::string self_path();
/// The file a shell would run for \p name: a path as it is, a plain name looked up in PATH.
/// Errors: invalid_argument when there is none, or it is not executable.
Result<std::string> find_program(const std::string& name);

}  // namespace buddy::launch
