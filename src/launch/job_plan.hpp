// What one launch consists of: checked options, and the command lines and variables made of them.
#pragma once

#include <buddy/comm_options.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "launch/process/process.hpp"

namespace buddy {
/// As the command line has it.
std::string to_string(Placement placement);
}  // namespace buddy

namespace buddy::launch {

/// Options of a launch as the user gave them.
struct JobOptions {
  std::optional<int> ranks{};  ///< one per host CPU if not given
  int nodes = 1;
  Placement placement = Placement::host;
  int workers = 1;     ///< of each engine
  std::string link{};  ///< rings or ucx, between ranks and engines; empty: by where an engine is
  std::string fabric = "shm";  ///< shm or ucx
  std::string host_cpus{};     ///< list of CPUs, empty: all that are not the engines'
  std::string engine_cpus{};   ///< list of CPUs, empty: anywhere
};

/// A launch that can be carried out, apart from its program.
struct JobPlan {
  int ranks = 1;
  int nodes = 1;
  Placement placement = Placement::host;
  int workers = 1;
  std::string fabric{};
  std::string link{};
  std::vector<int> host_cpus{};    ///< never empty
  std::vector<int> engine_cpus{};  ///< empty: engines run anywhere
  int allowed_cpus = 1;            ///< how many there are
  /// Words in front of the engines' command lines: a program that runs them, such as valgrind.
  std::vector<std::string> engine_prefix{};
  int patience = 1;  ///< how many times as long engines may take to start and to end

  /// Engine processes that are started.
  int engines() const noexcept { return placement == Placement::engine ? nodes : 0; }
  /// CPUs that the ranks can keep busy.
  int host_cpus_in_use() const noexcept;
  /// CPUs that the engines' threads can keep busy; 0 without engine processes.
  int engine_cpus_in_use() const noexcept;
};

/// Checks options against the CPUs that there are.
/// Errors: invalid_argument.
Result<JobPlan> plan_job(const JobOptions& options, const std::vector<int>& allowed_cpus);

/// The MPI launcher and this command, by path.
struct Launcher {
  std::string path;
  std::string flavour;  ///< openmpi or mpich
  std::string self;     ///< this executable
};

/// What Buddy was built with.
Launcher built_in_launcher();

/// Variables for the ranks and the engines (the job's directory and key among them).
Environment job_environment(const JobPlan& plan, const std::string& job_dir,
                            const std::string& job_key);
/// Command line that starts all ranks of \p program.
std::vector<std::string> launcher_command(const JobPlan& plan, const Launcher& launcher,
                                          const std::string& job_dir,
                                          const std::vector<std::string>& program);
/// Command line of the engine of \p node, which writes a byte to \p ready_fd when it listens.
std::vector<std::string> engine_command(const JobPlan& plan, const Launcher& launcher,
                                        const std::string& job_dir, int node, int ready_fd);

}  // namespace buddy::launch
