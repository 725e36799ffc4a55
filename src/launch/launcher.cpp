#include "launch/launcher.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <buddy_config.hpp>
#include <string_view>

namespace buddy::launch {
namespace {

std::vector<std::string> open_mpi_options(const JobPlan& plan, const std::string& job_dir,
                                          const std::vector<std::string>& variables) {
  // CPUs are given out by exec-rank.
  // Quiet, because who started the job says how it ended.
  std::vector<std::string> options = {"--quiet", "--oversubscribe", "--bind-to", "none"};
  const auto set = [&options](const char* name, const std::string& value) {
    options.insert(options.end(), {"--mca", name, value});
  };
  // Open MPI's files go where Buddy's are, so that they disappear with them even if the launcher is
  // killed. On other machines, this makes them.
  set("orte_tmpdir_base", job_dir);
  set("btl_vader_backing_directory", job_dir);
  // Its first choice anyway. Named, the others are not tried out: each makes something with a name
  // for a moment (/dev/shm/open_mpi.0000, a System V segment), which a rank killed then leaves.
  set("shmem", "mmap");
  // Open MPI counts the machine's cores, not those that the ranks may use; ranks that share one
  // must not spin until their time slice ends.
  if (!plan.on_hosts() && plan.ranks > plan.host_cpus_in_use()) set("mpi_yield_when_idle", "1");
  if (geteuid() == 0) options.emplace_back("--allow-run-as-root");
  if (!plan.on_hosts()) return options;
  // A line for each rank: other mappers put this machine first, wherever it is in the file.
  options.insert(options.end(), {"--map-by", "seq", "--hostfile", launcher_host_file(job_dir)});
  for (const std::string& name : variables) options.insert(options.end(), {"-x", name});
  return options;
}

/// It passes on all variables by itself.
std::vector<std::string> mpich_options(const JobPlan& plan, const std::string& job_dir) {
  if (!plan.on_hosts()) return {};
  return {"-f", launcher_host_file(job_dir)};
}

}  // namespace

Launcher built_in_launcher() {
  return {.path = BUDDY_MPI_LAUNCHER, .flavour = BUDDY_MPI_FLAVOUR, .self = self_path()};
}

std::vector<std::string> launcher_command(const JobPlan& plan, const Launcher& launcher,
                                          const std::string& job_dir,
                                          const std::vector<std::string>& program,
                                          const std::vector<std::string>& variables) {
  std::vector<std::string> command = {launcher.path};
  const auto extra = launcher.flavour == "openmpi" ? open_mpi_options(plan, job_dir, variables)
                                                   : mpich_options(plan, job_dir);
  command.insert(command.end(), extra.begin(), extra.end());
  command.insert(command.end(),
                 {"-n", fmt::format("{}", plan.ranks), launcher.self, "exec-rank", "--"});
  command.insert(command.end(), program.begin(), program.end());
  return command;
}

std::string launcher_host_file(const std::string& job_dir) { return job_dir + "/hosts"; }

std::string launcher_hosts(const JobPlan& plan, const Launcher& launcher) {
  std::string text;
  for (const HostShare& host : plan.hosts) {
    if (launcher.flavour == "openmpi") {
      for (int rank = 0; rank < host.ranks; ++rank) text += host.name + '\n';
    } else {
      text += fmt::format("{}:{}\n", host.name, host.ranks);
    }
  }
  return text;
}

std::vector<std::string> variables_to_pass(const Environment& environment) {
  std::vector<std::string> names;
  for (const auto& [name, value] : environment) names.push_back(name);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const bool wanted = text.starts_with("BUDDY_") || text.starts_with("UCX_") ||
                        text.starts_with("YGM_") || text.starts_with("OMP_");
    if (wanted) names.emplace_back(text.substr(0, text.find('=')));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace buddy::launch
