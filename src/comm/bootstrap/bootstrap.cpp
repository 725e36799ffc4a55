#include "comm/bootstrap/bootstrap.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <set>
#include <string>
#include <utility>

#include "arena/sizes.hpp"
#include "base/affinity.hpp"
#include "base/digest.hpp"
#include "base/host_name.hpp"
#include "base/machine_identity.hpp"
#include "comm/bootstrap/core_shares.hpp"
#include "comm/bootstrap/mpi_exchange.hpp"
#include "comm/bootstrap/rank_record.hpp"
#include "wire/routes.hpp"

namespace buddy::comm {
namespace {

Result<std::int32_t> node_on_machine(int nodes, const MachinePlace& place) {
  if (nodes > place.ranks) {
    return Status(ErrorCode::invalid_argument,
                  std::to_string(nodes) + " nodes for " + std::to_string(place.ranks) +
                      " ranks (a node needs a rank) ask for fewer nodes or more ranks");
  }
  return static_cast<std::int32_t>(std::int64_t{place.index} * nodes / place.ranks);
}

/// Whether its engine takes no core of its machine.
bool elsewhere(const RankInfo& rank) {
  return !rank.engine_machine.empty() && rank.engine_machine != rank.machine;
}

void share_out_cores(Job& job) {
  std::vector<std::vector<std::int32_t>> parties;
  std::set<std::int32_t> engines_seen;
  std::size_t this_rank = 0;
  std::vector<std::size_t> this_engine;
  for (const RankInfo& rank : job.machine) {
    if (rank.rank == job.self.rank) this_rank = parties.size();
    parties.push_back(rank.cpus);
    if (rank.workers == 0 || elsewhere(rank) || !engines_seen.insert(rank.node_on_machine).second)
      continue;
    for (std::uint32_t w = 0; w < rank.workers; ++w) {
      if (rank.node_on_machine == job.self.node_on_machine) this_engine.push_back(parties.size());
      parties.push_back(rank.engine_cpus);
    }
  }
  const std::vector<bool> have = have_cores(parties);
  job.ranks_have_cores = have[this_rank];
  job.engines_have_cores = std::all_of(this_engine.begin(), this_engine.end(),
                                       [&](std::size_t worker) { return have[worker]; });
}

RankRecord record_of(const Job& job) {
  const RankInfo& self = job.self;
  const auto first = std::find_if(
      job.machine.begin(), job.machine.end(),
      [&](const RankInfo& other) { return other.node_on_machine == self.node_on_machine; });
  const std::string& machine = self.engine_machine.empty() ? self.machine : self.engine_machine;
  return {Digest().add(machine).value(), first->rank, self.workers};
}

/// Rank 0's count.
void choose_names(MPI_Comm comm, Job& job) {
  struct Names {
    std::uint64_t session;
    JobKey key;
  };
  Names names{random_job_key().words[0], random_job_key()};
  MPI_Bcast(&names, sizeof names, MPI_BYTE, 0, comm);
  job.session = names.session;
  job.key = names.key;
}

}  // namespace

std::uint64_t pid_namespace() {
  struct stat info {};
  return ::stat("/proc/self/ns/pid", &info) == 0 ? std::uint64_t{info.st_ino} : 0;
}

Result<RankInfo> describe_rank(const Settings& settings, const MachinePlace& place,
                               std::uint32_t rank) {
  RankInfo info;
  const auto node = node_on_machine(settings.nodes, place);
  if (!node.ok()) return node.status();
  info.rank = rank;
  info.machine = machine_identity();
  info.host = host_name();
  info.pid = ::getpid();
  info.pid_namespace = pid_namespace();
  info.node_on_machine = node.value();
  info.cpus = allowed_cpus();
  return info;
}

Status check_ranks(std::size_t ranks) {
  if (ranks <= static_cast<std::size_t>(arena::max_ranks)) return {};
  return {ErrorCode::invalid_argument, std::to_string(ranks) + " ranks are more than allowed (" +
                                           std::to_string(arena::max_ranks) + ") start fewer"};
}

Result<Job> assemble_job(MPI_Comm comm, const MachineGroup& group, const Settings& settings,
                         RankInfo self) {
  const Terms terms = terms_of(settings);
  if (Status status = agree_on_terms(comm, terms); !status.ok()) return status;
  Job job;
  job.handlers = terms.handlers;
  job.machine = all_gather(group.comm(), self);
  job.self = std::move(self);
  job.map = map_of(all_gather_plain(comm, record_of(job)), settings.placement);
  job.map.fabric = settings.fabric;
  job.map.knobs = settings.knobs;
  job.map.routing = wire::chosen_routing(settings.routing, job.map);
  if (job.map.routing == Routing::direct && job.map.agents() > wire::most_direct_agents) {
    return Status(ErrorCode::invalid_argument,
                  std::to_string(job.map.agents()) + " engines cannot all have channels to each " +
                      "other (at most " + std::to_string(wire::most_direct_agents) +
                      " can) use --routing auto or grid (BUDDY_ROUTING)");
  }
  choose_names(comm, job);
  share_out_cores(job);
  return job;
}

void say_if_direct(const Settings& settings, const wire::JobMap& map, int self) {
  static std::atomic<bool> is_first = true;  // each thread may have communicators
  if (!is_first.exchange(false) || self != 0 || map.routing != Routing::direct) return;
  if (settings.routing != Routing::node && settings.routing != Routing::grid) return;
  const std::string name(wire::to_string(settings.routing));
  std::fprintf(stderr,
               "buddy: routing %s is direct routing (%u engines on %u nodes leave it nothing to "
               "choose) leave BUDDY_ROUTING unset, or start more\n",
               name.c_str(), map.agents(), map.nodes());
}

}  // namespace buddy::comm
