// The engines of one machine of a job that runs on several.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "launch/job_plan.hpp"
#include "launch/report/report_message.hpp"

namespace buddy::launch {

/// Starts engines as children of this process, and keeps account of them.
/// Threads: the one that reaps this process's children.
class MachineEngines {
 public:
  /// \param plan with its numbers of engines and workers, and their CPUs
  MachineEngines(const JobPlan& plan, std::string job_dir);

  /// Starts all of them. Errors: system.
  Status start();
  /// Descriptors that become readable when engines get ready.
  std::vector<int> waits_for() const;
  /// Whether all listen. Errors: system, if one has ended before that.
  Result<bool> ready();
  /// To be told of every child that has ended. \return whether it was one of these
  bool note_end(pid_t pid, int status, const rusage& usage);
  /// Looks how long engines have waited for their CPUs; later the kernel does not know any more.
  void look();

  void kill_all(int signal);
  bool running() const;
  std::optional<report::EngineFailed> failure() const;
  /// Of those that have ended.
  std::vector<report::EngineEnded> usage() const;

 private:
  struct Engine {
    report::EngineEnded account{};
    pid_t pid = -1;
    UniqueFd ready;
    bool listens = false;
    std::optional<ExitState> ended{};
  };

  Status start_one(int node);

  const JobPlan& plan_;
  std::string job_dir_;
  std::vector<Engine> engines_;
};

}  // namespace buddy::launch
