// The MPI launcher that starts the ranks, and what it is told.
#pragma once

#include <string>
#include <vector>

#include "launch/job_plan.hpp"

namespace buddy::launch {

/// The MPI launcher and this command, by path.
struct Launcher {
  std::string path;
  std::string flavour;  ///< openmpi or mpich
  std::string self;     ///< this executable
};

/// What Buddy was built with.
Launcher built_in_launcher();

/// Command line that starts all ranks of \p program.
/// \param variables that ranks on other machines need, too
std::vector<std::string> launcher_command(const JobPlan& plan, const Launcher& launcher,
                                          const std::string& job_dir,
                                          const std::vector<std::string>& program,
                                          const std::vector<std::string>& variables = {});

/// The file with the machines that this command line names, if it names one.
std::string launcher_host_file(const std::string& job_dir);
/// What has to be in it.
std::string launcher_hosts(const JobPlan& plan, const Launcher& launcher);

/// Names of variables that the ranks on other machines are given: those of \p environment, and of
/// this process's own those that Buddy, UCX, and programs for YGM read.
std::vector<std::string> variables_to_pass(const Environment& environment);

}  // namespace buddy::launch
