// The program of one rank, as the child of the process that watches it.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "base/status.hpp"
#include "launch/process/process.hpp"

namespace buddy::launch {

/// Signals that who watches a rank takes, to pass them on: they are blocked meanwhile.
sigset_t watched_signals();

/// Starts \p program, killed as soon as this process is. \param signals are blocked in it
/// Errors: system, when there are too many processes.
Result<pid_t> start_rank(const std::vector<std::string>& program, const sigset_t& signals);

/// Ends this process the way the program ended.
[[noreturn]] void end_like(const ExitState& state);

}  // namespace buddy::launch
