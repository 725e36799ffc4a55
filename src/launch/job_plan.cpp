#include "launch/job_plan.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <buddy_config.hpp>

#include "arena/sizes.hpp"
#include "launch/job_processes.hpp"
#include "launch/process/cpu_list.hpp"

namespace buddy {

std::string to_string(Placement placement) {
  return placement == Placement::host ? "host" : "engine";
}

}  // namespace buddy

namespace buddy::launch {
namespace {

/// More threads per engine than any machine's CPUs that Buddy was tried on.
constexpr int max_workers = 256;

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

Status check_counts(const JobPlan& plan) {
  if (plan.ranks < 1 || plan.ranks > arena::max_ranks) {
    return invalid(fmt::format("cannot start {} ranks (1 to {} are allowed) choose another -n",
                               plan.ranks, arena::max_ranks));
  }
  if (plan.nodes < 1 || plan.nodes > plan.ranks) {
    return invalid(
        fmt::format("cannot split {} ranks into {} nodes (a node has at least one rank) "
                    "use --nodes 1 to {}",
                    plan.ranks, plan.nodes, plan.ranks));
  }
  if (plan.workers < 1 || plan.workers > max_workers) {
    return invalid(
        fmt::format("cannot start engines of {} workers (1 to {} are allowed) choose "
                    "another --workers",
                    plan.workers, max_workers));
  }
  if (plan.fabric != "shm" && plan.fabric != "ucx") {
    return invalid(
        fmt::format("there is no fabric '{}' (shm and ucx exist) choose one of them", plan.fabric));
  }
  return {};
}

/// The list after \p option, or an empty one if the user gave none.
Result<std::vector<int>> read_cpus(const std::string& text, const std::vector<int>& allowed,
                                   std::string_view option) {
  if (text.empty()) return std::vector<int>{};
  auto cpus = parse_cpu_list(text);
  if (!cpus.ok()) return invalid(fmt::format("{}: {}", option, cpus.status().message()));
  const Status known = check_cpus(cpus.value(), allowed, option);
  if (!known.ok()) return known;
  return cpus;
}

std::vector<std::string> open_mpi_options(const JobPlan& plan, const std::string& job_dir) {
  // CPUs are given out by exec-rank.
  // Quiet, because who started the job says how it ended.
  std::vector<std::string> options = {"--quiet", "--oversubscribe", "--bind-to", "none"};
  const auto set = [&options](const char* name, const std::string& value) {
    options.insert(options.end(), {"--mca", name, value});
  };
  // Open MPI's files go where Buddy's are, so that they disappear with them even if the launcher is
  // killed.
  set("orte_tmpdir_base", job_dir);
  set("btl_vader_backing_directory", job_dir);
  // Its first choice anyway. Named, the others are not tried out: each makes something with a name
  // for a moment (/dev/shm/open_mpi.0000, a System V segment), which a rank killed then leaves.
  set("shmem", "mmap");
  // Open MPI counts the machine's cores, not those that the ranks may use; ranks that share one
  // must not spin until their time slice ends.
  if (plan.ranks > plan.host_cpus_in_use()) set("mpi_yield_when_idle", "1");
  if (geteuid() == 0) options.emplace_back("--allow-run-as-root");
  return options;
}

}  // namespace

int JobPlan::host_cpus_in_use() const noexcept {
  return std::min(ranks, static_cast<int>(host_cpus.size()));
}

int JobPlan::engine_cpus_in_use() const noexcept {
  const int cpus = engine_cpus.empty() ? allowed_cpus : static_cast<int>(engine_cpus.size());
  return std::min(engines() * workers, cpus);
}

Result<JobPlan> plan_job(const JobOptions& options, const std::vector<int>& allowed) {
  if (built_in_launcher().path.empty()) {
    return Status(ErrorCode::invalid_argument,
                  "this buddy starts no ranks (it was built without MPI, for machines that run "
                  "engines) use the one of the ranks' machine");
  }
  auto host = read_cpus(options.host_cpus, allowed, "--host-cpus");
  if (!host.ok()) return host.status();
  auto engine = read_cpus(options.engine_cpus, allowed, "--engine-cpus");
  if (!engine.ok()) return engine.status();
  JobPlan plan;
  plan.engine_cpus = std::move(engine.value());
  plan.host_cpus = host.value().empty() ? without_cpus(allowed, plan.engine_cpus) : host.value();
  plan.ranks = options.ranks.value_or(static_cast<int>(plan.host_cpus.size()));
  plan.nodes = options.nodes;
  plan.allowed_cpus = static_cast<int>(allowed.size());
  plan.placement = options.placement;
  plan.workers = options.workers;
  plan.fabric = options.fabric;
  plan.link = options.link;
  const Status counts = check_counts(plan);
  if (!counts.ok()) return counts;
  return plan;
}

Launcher built_in_launcher() {
  return {.path = BUDDY_MPI_LAUNCHER, .flavour = BUDDY_MPI_FLAVOUR, .self = self_path()};
}

Environment job_environment(const JobPlan& plan, const std::string& job_dir,
                            const std::string& job_key) {
  return {{"BUDDY_PLACEMENT", to_string(plan.placement)},
          {"BUDDY_FABRIC", plan.fabric},
          {"BUDDY_LINK", plan.link},
          {"BUDDY_NODES", fmt::format("{}", plan.nodes)},
          {job_dir_variable, job_dir},
          {"BUDDY_JOB_KEY", job_key},
          {"BUDDY_HOST_CPUS", format_cpu_list(plan.host_cpus)}};
}

std::vector<std::string> launcher_command(const JobPlan& plan, const Launcher& launcher,
                                          const std::string& job_dir,
                                          const std::vector<std::string>& program) {
  std::vector<std::string> command = {launcher.path};
  if (launcher.flavour == "openmpi") {
    const auto extra = open_mpi_options(plan, job_dir);
    command.insert(command.end(), extra.begin(), extra.end());
  }
  command.insert(command.end(),
                 {"-n", fmt::format("{}", plan.ranks), launcher.self, "exec-rank", "--"});
  command.insert(command.end(), program.begin(), program.end());
  return command;
}

std::vector<std::string> engine_command(const JobPlan& plan, const Launcher& launcher,
                                        const std::string& job_dir, int node, int ready_fd) {
  std::vector<std::string> command = plan.engine_prefix;
  command.insert(
      command.end(),
      {launcher.self, "engine", "--listen", fmt::format("unix:{}/engine-{}.sock", job_dir, node),
       "--workers", fmt::format("{}", plan.workers), "--ready-fd", fmt::format("{}", ready_fd)});
  const auto cpus = cpus_in_turn(plan.engine_cpus, node * plan.workers, plan.workers);
  if (!cpus.empty()) command.insert(command.end(), {"--cpus", format_cpu_list(cpus)});
  return command;
}

}  // namespace buddy::launch
