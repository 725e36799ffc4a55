// One launch: engines and ranks are started, watched and ended together.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "launch/engine_usage.hpp"
#include "launch/job_load.hpp"
#include "launch/job_plan.hpp"
#include "launch/launcher.hpp"

namespace buddy::launch {

/// Where the programs' input and output go (-1: this process's), and who is told that time passes.
struct JobStreams {
  int stdin_fd = -1;
  int stdout_fd = -1;
  int stderr_fd = -1;
  std::function<void()> tick{};  ///< called every tick_ms while the program runs, if set
  int tick_ms = 200;
};

/// How a launch ended.
struct JobOutcome {
  int exit_code = 0;
  bool interrupted = false;  ///< by a signal to this process
  std::string message{};     ///< what went wrong; empty if nothing did
  std::vector<EngineUsage> engines{};
  JobLoad load{};
  int host_cpus = 1;    ///< that the ranks could keep busy, on all machines
  int engine_cpus = 0;  ///< that the engines' threads could
};

/// Runs \p program to its end, as planned. However it ends, no process of the job and no file of it
/// in /dev/shm is left; that holds even if this process is killed meanwhile.
/// \return the program's exit code: the one of the rank that failed first (128 + signal if it was
/// killed), 128 + signal if this process was asked to stop, else 1 for what else goes wrong.
/// Threads: the main thread, while it is the only one; waits for all children of this process.
JobOutcome run_job(const JobPlan& plan, const Launcher& launcher,
                   const std::vector<std::string>& program,
                   const Environment& more_environment = {}, const JobStreams& streams = {});

}  // namespace buddy::launch
