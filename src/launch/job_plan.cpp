#include "launch/job_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <buddy_config.hpp>
#include <cstdlib>
#include <tuple>

#include "arena/routing_choice.hpp"
#include "arena/sizes.hpp"
#include "base/host_name.hpp"
#include "base/job_id.hpp"
#include "base/key_file.hpp"
#include "base/peer_timeout.hpp"
#include "launch/job_knobs.hpp"
#include "launch/job_processes.hpp"
#include "launch/plan_routes.hpp"
#include "launch/process/cpu_list.hpp"
#include "launch/report/report_caller.hpp"

namespace buddy::launch {
namespace {

/// More threads per engine than any machine's CPUs that Buddy was tried on.
constexpr int max_workers = 256;

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

/// \param fewest ranks on a machine
Status check_counts(const JobPlan& plan, int fewest) {
  if (plan.ranks < 1 || plan.ranks > arena::max_ranks) {
    return invalid(fmt::format("cannot start {} ranks (1 to {} are allowed) choose another -n",
                               plan.ranks, arena::max_ranks));
  }
  if (plan.nodes < 1 || plan.nodes > fewest) {
    return invalid(
        fmt::format("cannot split {} ranks{} into {} nodes (a node has at least one rank) "
                    "use --nodes 1 to {}",
                    fewest, plan.on_hosts() ? " of a machine" : "", plan.nodes, fewest));
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

}  // namespace

int JobPlan::host_cpus_in_use() const noexcept {
  if (on_hosts()) {
    int sum = 0;
    for (const HostShare& host : hosts) {
      const int cpus = host_cpus.empty() ? host.ranks : static_cast<int>(host_cpus.size());
      sum += std::min(host.ranks, cpus);
    }
    return sum;
  }
  return std::min(ranks, static_cast<int>(host_cpus.size()));
}

int JobPlan::engine_cpus_in_use() const noexcept {
  if (on_hosts()) {
    const int threads = engines() * workers;
    const int cpus = engine_cpus.empty() ? threads : static_cast<int>(engine_cpus.size());
    return static_cast<int>(hosts.size()) * std::min(threads, cpus);
  }
  const int cpus = engine_cpus.empty() ? allowed_cpus : static_cast<int>(engine_cpus.size());
  return std::min(engines() * workers, cpus);
}

namespace {

Result<JobPlan> plan_here(JobPlan plan, const JobOptions& options,
                          const std::vector<int>& allowed) {
  auto host = read_cpus(options.host_cpus, allowed, "--host-cpus");
  if (!host.ok()) return host.status();
  auto engine = read_cpus(options.engine_cpus, allowed, "--engine-cpus");
  if (!engine.ok()) return engine.status();
  plan.engine_cpus = std::move(engine.value());
  plan.host_cpus = host.value().empty() ? without_cpus(allowed, plan.engine_cpus) : host.value();
  if (plan.placement == Place::shared) plan.engine_cpus = plan.host_cpus;
  plan.ranks = options.ranks.value_or(static_cast<int>(plan.host_cpus.size()));
  const Status counts = check_counts(plan, plan.ranks);
  if (!counts.ok()) return counts;
  return plan;
}

/// Each machine checks the lists of CPUs against its own.
/// \param machines gets the names in the file
Result<JobPlan> plan_on_hosts(JobPlan plan, const JobOptions& options,
                              std::vector<std::string>& machines) {
  for (const auto& [text, option, cpus] :
       {std::tuple(options.host_cpus, "--host-cpus", &plan.host_cpus),
        std::tuple(options.engine_cpus, "--engine-cpus", &plan.engine_cpus)}) {
    if (text.empty()) continue;
    auto list = parse_cpu_list(text);
    if (!list.ok()) return invalid(fmt::format("{}: {}", option, list.status().message()));
    *cpus = std::move(list.value());
  }
  const auto hosts = read_host_file(options.hosts);
  if (!hosts.ok()) return hosts.status();
  auto shares = share_ranks(hosts.value(), options.ranks, options.hosts);
  if (!shares.ok()) return shares.status();
  plan.hosts = std::move(shares.value());
  for (const HostEntry& host : hosts.value()) machines.push_back(host.name);
  plan.ranks = plan.hosts.back().first_rank + plan.hosts.back().ranks;
  int fewest = plan.ranks;
  for (const HostShare& host : plan.hosts) fewest = std::min(fewest, host.ranks);
  const Status counts = check_counts(plan, fewest);
  if (!counts.ok()) return counts;
  return plan;
}

/// The key that engines know already: of a file, or of the environment.
Result<JobKey> known_key(const JobOptions& options) {
  if (!options.key_file.empty()) return read_key_file(options.key_file);
  const char* text = std::getenv("BUDDY_JOB_KEY");
  if (text != nullptr) return parse_job_key(text);
  return invalid(
      "the engines' key is not known (--engines without --key-file, and BUDDY_JOB_KEY is not set) "
      "give the file with the key that the engines were started with");
}

Status plan_services(JobPlan& plan, const JobOptions& options,
                     const std::vector<std::string>& machines) {
  if (options.engines.empty()) {
    if (options.key_file.empty()) return {};
    return invalid(
        "--key-file is for engines that run already (without --engines a key is made anew) leave "
        "it out, or give --engines");
  }
  if (plan.placement == Place::host) return {};  // the other half of a comparison
  if (plan.placement != Place::engine) {
    return invalid(fmt::format(
        "engines of placement {} are started with the job (--engines names some that run already) "
        "leave out --engines, or use --placement engine",
        to_string(plan.placement)));
  }
  const auto table = read_engine_table(options.engines);
  if (!table.ok()) return table.status();
  std::vector<std::string> wanted;
  for (const HostShare& host : plan.hosts) wanted.push_back(host.name);
  if (wanted.empty()) wanted.push_back(host_name());
  auto services =
      engines_for(wanted, machines.empty() ? wanted : machines, table.value(), options.engines);
  if (!services.ok()) return services.status();
  plan.services = std::move(services.value());
  if (plan.workers != 1 || !options.engine_cpus.empty()) {
    return invalid(
        "--workers and --engine-cpus are for engines that this command starts (those of --engines "
        "run already) give them to `buddy engine`");
  }
  if (plan.nodes > 1) {
    return invalid(
        "a machine has one node (--engines names one engine for each machine) leave out --nodes");
  }
  const auto key = known_key(options);
  if (!key.ok()) return key.status();
  plan.key = key.value();
  return {};
}

}  // namespace

namespace {

Status plan_placement(JobPlan& plan, const JobOptions& options) {
  const bool alone = options.placement_given || options.only_placement;
  if (alone && plan.placement == Place::shared && !options.engine_cpus.empty()) {
    return invalid(
        "engines of placement shared have no CPUs of their own (--engine-cpus gives them some) "
        "leave out --engine-cpus, or use --placement engine");
  }
  const auto dpu = parse_dpu(options.dpu.empty() ? default_dpu : std::string_view(options.dpu));
  if (!dpu.ok()) return dpu.status();
  if (plan.placement == Place::dpu) {
    plan.dpu = dpu.value();
  } else if (alone && !options.dpu.empty()) {
    return invalid(
        fmt::format("--dpu is for placement dpu (this one is {}) leave it out, or use --placement "
                    "dpu",
                    to_string(plan.placement)));
  }
  return {};
}

}  // namespace

Result<JobPlan> plan_job(const JobOptions& options, const std::vector<int>& allowed) {
  if (std::string_view(BUDDY_MPI_LAUNCHER).empty()) {
    return Status(ErrorCode::invalid_argument,
                  "this buddy starts no ranks (it was built without MPI, for machines that run "
                  "engines) use the one of the ranks' machine");
  }
  JobPlan plan;
  plan.nodes = options.nodes;
  plan.allowed_cpus = static_cast<int>(allowed.size());
  plan.placement = options.placement;
  plan.workers = options.workers;
  plan.fabric = options.fabric;
  plan.link = options.link;
  if (Status status = plan_placement(plan, options); !status.ok()) return status;
  const auto peer_timeout = options.peer_timeout_s ? Result<int>(*options.peer_timeout_s)
                                                   : peer_timeout_from_environment();
  if (!peer_timeout.ok()) return peer_timeout.status();
  plan.peer_timeout_s = peer_timeout.value();
  const auto knobs = knobs_of(options);
  if (!knobs.ok()) return knobs.status();
  plan.knobs = knobs.value();
  const auto routing = routing_of(options);
  if (!routing.ok()) return routing.status();
  plan.routing = routing.value();
  std::vector<std::string> machines;
  auto made = options.hosts.empty() ? plan_here(std::move(plan), options, allowed)
                                    : plan_on_hosts(std::move(plan), options, machines);
  if (!made.ok()) return made;
  const Status served = plan_services(made.value(), options, machines);
  if (!served.ok()) return served;
  const Status routed = check_routing(made.value());
  if (!routed.ok()) return routed;
  shorten_rings_of_slow_engines(made.value());
  const Status fits = check_shared_memory(made.value());
  if (!fits.ok()) return fits;
  return made;
}

Environment job_environment(const JobPlan& plan, const std::string& job_dir,
                            const std::string& job_key) {
  Environment environment = {
      {"BUDDY_PLACEMENT", to_string(placement_of(plan.placement))},
      {"BUDDY_FABRIC", plan.fabric},
      {arena::routing_variable, std::string(wire::to_string(routing_for_ranks(plan)))},
      {"BUDDY_NODES", fmt::format("{}", plan.nodes)},
      {job_dir_variable, job_dir},
      {"BUDDY_JOB_KEY", job_key},
      {peer_timeout_variable, fmt::format("{}", plan.peer_timeout_s)}};
  if (!plan.on_hosts()) {
    environment.emplace_back("BUDDY_HOST_CPUS", format_cpu_list(plan.host_cpus));
  }
  environment.emplace_back("BUDDY_PLACE", to_string(plan.placement));
  add_knobs(environment, plan.knobs);
  if (!plan.link.empty()) environment.emplace_back("BUDDY_LINK", plan.link);
  if (plan.services.empty()) {
    // One that the user's shell names is not this job's.
    environment.emplace_back(engine_address_variable, "");
  } else {
    // A service has other jobs, too.
    environment.emplace_back("BUDDY_JOB_ID", to_string(random_job_id()));
  }
  return environment;
}

std::vector<std::string> engine_command(const JobPlan& plan, const std::string& self,
                                        const std::string& job_dir, int node, int ready_fd) {
  std::vector<std::string> command = plan.engine_prefix;
  command.insert(
      command.end(),
      {self, "engine", "--listen", fmt::format("unix:{}/engine-{}.sock", job_dir, node),
       "--workers", fmt::format("{}", plan.workers), "--ready-fd", fmt::format("{}", ready_fd)});
  if (plan.placement == Place::shared) {
    // Where the kernel puts them: a worker on a CPU of its choice would slow one rank alone.
    command.insert(command.end(), {"--cpus", format_cpu_list(plan.engine_cpus), "--any-cpu"});
  } else if (const auto cpus = cpus_in_turn(plan.engine_cpus, node * plan.workers, plan.workers);
             !cpus.empty()) {
    command.insert(command.end(), {"--cpus", format_cpu_list(cpus)});
  }
  if (plan.dpu) command.insert(command.end(), {"--dpu", to_string(*plan.dpu)});
  return command;
}

}  // namespace buddy::launch
