#include "comm/bootstrap/bootstrap.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <buddy/detail/handler_table.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "arena/knobs.hpp"
#include "arena/sizes.hpp"
#include "base/affinity.hpp"
#include "base/host_name.hpp"
#include "base/machine_identity.hpp"
#include "comm/bootstrap/core_shares.hpp"
#include "wire/routes.hpp"

namespace buddy::comm {
namespace {

/// FNV-1a over the names of all handlers in order.
std::uint64_t digest_handlers() {
  std::uint64_t digest = 0xcbf29ce484222325u;
  for (std::uint32_t id = 0; id < detail::handler_count(); ++id) {
    for (const char* c = detail::find_handler(id)->name;; ++c) {
      digest = (digest ^ static_cast<unsigned char>(*c)) * 0x100000001b3u;
      if (*c == '\0') break;
    }
  }
  return digest;
}

Result<std::int32_t> node_on_machine(int nodes, const MachinePlace& place) {
  if (nodes > place.ranks) {
    return Status(ErrorCode::invalid_argument,
                  std::to_string(nodes) + " nodes for " + std::to_string(place.ranks) +
                      " ranks (a node needs a rank) ask for fewer nodes or more ranks");
  }
  return static_cast<std::int32_t>(std::int64_t{place.index} * nodes / place.ranks);
}

/// Ranks that would map each other's rings in different sizes.
Status unlike(const std::string& both, const wire::Knobs& first, const wire::Knobs& other) {
  const auto shown = [](const wire::Knobs& knobs) {
    const auto part = [](const char* name, std::uint32_t value) {
      return std::string(name) + "=" + (value == 0 ? "" : std::to_string(value));
    };
    return part(arena::block_variable, knobs.block_bytes) + " " +
           part(arena::ring_variable, knobs.ring_blocks) + " " +
           part(arena::hold_variable, knobs.hold_us);
  };
  return {ErrorCode::mismatch, both + " have different blocks, rings or times to hold (" +
                                   shown(first) + " and " + shown(other) +
                                   ") give all ranks the same environment"};
}

Status compare(const std::vector<RankInfo>& ranks) {
  const RankInfo& first = ranks[0];
  for (std::size_t r = 1; r < ranks.size(); ++r) {
    const RankInfo& other = ranks[r];
    const std::string both = "rank 0 (" + first.program + " on " + first.host + ") and rank " +
                             std::to_string(r) + " (" + other.program + " on " + other.host + ")";
    if (other.handlers_digest != first.handlers_digest) {
      return {ErrorCode::mismatch,
              both + " have different handlers (" + std::to_string(first.handlers) + " and " +
                  std::to_string(other.handlers) + ") start the same binary everywhere"};
    }
    if (other.placement != first.placement || other.fabric != first.fabric ||
        other.routing != first.routing) {
      return {ErrorCode::mismatch, both +
                                       " have different options (placement, fabric or routing) "
                                       "give all ranks the same environment"};
    }
    if (!(other.knobs == first.knobs)) return unlike(both, first.knobs, other.knobs);
  }
  return {};
}

/// Numbers things in the order in which they first appear.
template <class Key>
class Numbering {
 public:
  std::uint32_t operator()(const Key& key) {
    return numbers_.try_emplace(key, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

 private:
  std::map<Key, std::uint32_t> numbers_;
};

void number_agents(Job& job, Placement placement) {
  Numbering<std::string> machines;
  Numbering<std::pair<std::string, std::int32_t>> nodes;
  std::map<std::uint32_t, std::vector<std::size_t>> ranks_of_node;
  for (std::size_t r = 0; r < job.ranks.size(); ++r) {
    ranks_of_node[nodes({job.ranks[r].machine, job.ranks[r].node_on_machine})].push_back(r);
  }
  job.map.agent_of_rank.resize(job.ranks.size());
  for (const auto& [node, ranks] : ranks_of_node) {
    const RankInfo& speaker = job.ranks[ranks[0]];
    const std::uint32_t workers = speaker.workers;
    const auto agents =
        placement == Placement::host ? ranks.size() : std::min<std::size_t>(workers, ranks.size());
    const auto first = job.map.agents();
    for (std::size_t i = 0; i < agents; ++i) {
      job.map.node_of_agent.push_back(node);
      job.map.machine_of_agent.push_back(
          machines(speaker.engine_machine.empty() ? speaker.machine : speaker.engine_machine));
    }
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      job.map.agent_of_rank[ranks[i]] = first + static_cast<std::uint32_t>(i % agents);
    }
  }
}

/// Whether its engine takes no core of its machine.
bool elsewhere(const RankInfo& rank) {
  return !rank.engine_machine.empty() && rank.engine_machine != rank.machine;
}

void share_out_cores(Job& job, std::size_t self) {
  std::vector<std::vector<std::int32_t>> parties;
  std::set<std::int32_t> engines_seen;
  std::size_t this_rank = 0;
  std::vector<std::size_t> this_engine;
  for (std::size_t r = 0; r < job.ranks.size(); ++r) {
    const RankInfo& rank = job.ranks[r];
    if (rank.machine != job.ranks[self].machine) continue;
    if (r == self) this_rank = parties.size();
    parties.push_back(rank.cpus);
    if (rank.workers == 0 || elsewhere(rank) || !engines_seen.insert(rank.node_on_machine).second)
      continue;
    for (std::uint32_t w = 0; w < rank.workers; ++w) {
      if (rank.node_on_machine == job.ranks[self].node_on_machine) {
        this_engine.push_back(parties.size());
      }
      parties.push_back(rank.engine_cpus);
    }
  }
  const std::vector<bool> have = have_cores(parties);
  job.ranks_have_cores = have[this_rank];
  job.engines_have_cores = std::all_of(this_engine.begin(), this_engine.end(),
                                       [&](std::size_t worker) { return have[worker]; });
}

}  // namespace

std::uint64_t pid_namespace() {
  struct stat info {};
  return ::stat("/proc/self/ns/pid", &info) == 0 ? std::uint64_t{info.st_ino} : 0;
}

Result<RankInfo> describe_rank(const Settings& settings, const MachinePlace& place) {
  RankInfo info;
  const auto node = node_on_machine(settings.nodes, place);
  if (!node.ok()) return node.status();
  info.machine = machine_identity();
  info.host = host_name();
  info.pid = ::getpid();
  info.pid_namespace = pid_namespace();
  info.node_on_machine = node.value();
  info.cpus = allowed_cpus();
  info.handlers_digest = digest_handlers();
  info.handlers = detail::handler_count();
  std::error_code unknown;
  info.program = std::filesystem::read_symlink("/proc/self/exe", unknown).string();
  info.placement = static_cast<std::int32_t>(settings.placement);
  info.fabric = static_cast<std::int32_t>(settings.fabric);
  info.routing = static_cast<std::int32_t>(settings.routing);
  info.knobs = settings.knobs;
  info.session = random_job_key().words[0];
  if (settings.placement == Placement::host) info.key = random_job_key().words;
  return info;
}

Result<Job> assemble_job(std::vector<RankInfo> ranks, const Settings& settings, std::size_t self) {
  if (ranks.size() > static_cast<std::size_t>(arena::max_ranks)) {
    return Status(ErrorCode::invalid_argument,
                  std::to_string(ranks.size()) + " ranks are more than allowed (" +
                      std::to_string(arena::max_ranks) + ") start fewer");
  }
  if (Status status = compare(ranks); !status.ok()) return status;
  Job job;
  job.ranks = std::move(ranks);
  job.map.fabric = settings.fabric;
  job.map.knobs = settings.knobs;
  number_agents(job, settings.placement);
  job.map.routing = wire::chosen_routing(settings.routing, job.map);
  if (job.map.routing == Routing::direct && job.map.agents() > wire::most_direct_agents) {
    return Status(ErrorCode::invalid_argument,
                  std::to_string(job.map.agents()) + " engines cannot all have channels to each " +
                      "other (at most " + std::to_string(wire::most_direct_agents) +
                      " can) use --routing auto or grid (BUDDY_ROUTING)");
  }
  share_out_cores(job, self);
  return job;
}

}  // namespace buddy::comm
