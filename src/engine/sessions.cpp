#include "engine/sessions.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace buddy::engine {

Sessions::Sessions(int workers, const std::vector<int>& cpus, const JobKey& key)
    : key_(key), removed_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (int i = 0; i < workers; ++i) {
    const int cpu = cpus.empty() ? -1 : cpus[static_cast<std::size_t>(i) % cpus.size()];
    workers_.push_back(std::make_unique<Worker>(cpu, [this] {
      const std::uint64_t one = 1;
      [[maybe_unused]] const ssize_t written = ::write(removed_.get(), &one, sizeof one);
    }));
  }
}

Sessions::~Sessions() {
  workers_.clear();  // before the agents they step; says goodbye for those that leave
}

Worker& Sessions::worker_of(const wire::JobMap& map, AgentId agent) {
  const std::uint32_t node = map.node_of_agent[agent.value];
  const auto first = std::find(map.node_of_agent.begin(), map.node_of_agent.end(), node);
  const auto index = agent.value - static_cast<std::size_t>(first - map.node_of_agent.begin());
  return *workers_[index % workers_.size()];
}

Result<Sessions::Place*> Sessions::place_for(const link::Join& join) {
  if (!join.map.consistent(arena::max_ranks) || join.rank >= join.map.ranks()) {
    return Status(ErrorCode::corrupt,
                  "a rank asked to join a job that makes no sense (its map is "
                  "damaged) use the same Buddy everywhere");
  }
  const AgentId agent{join.map.agent_of_rank[join.rank]};
  const auto [it, is_new] = places_.try_emplace({join.session, agent.value});
  Place& place = it->second;
  if (!is_new) return &place;
  place.map = join.map;
  place.ranks = join.map.ranks_of(agent);
  place.links.resize(place.ranks.size());
  place.worker = &worker_of(join.map, agent);
  place.has_core = join.engine_has_cores;
  auto made = Agent::create({join.map, agent, key_, false});
  if (!made.ok()) {
    places_.erase(it);
    return made.status();
  }
  place.agent = std::move(made.value());
  return &place;
}

Result<Sessions::JoinedMember> Sessions::join(const link::Join& join) {
  auto found = place_for(join);
  if (!found.ok()) return found.status();
  Place& place = *found.value();
  const auto it = std::find(place.ranks.begin(), place.ranks.end(), RankId{join.rank});
  const auto index = static_cast<std::size_t>(it - place.ranks.begin());
  if (index == place.ranks.size() || place.links[index]) {
    return Status(ErrorCode::mismatch, "rank " + std::to_string(join.rank) +
                                           " is known already (two processes say they are it) "
                                           "start every rank once");
  }
  Agent& agent = *place.agent;
  auto link = link::ShmLink::create(agent.directory() + "/link-" + std::to_string(join.rank),
                                    join.doorbell_path, agent.sizes());
  if (!link.ok()) {
    const bool unused = std::all_of(place.links.begin(), place.links.end(),
                                    [](const auto& other) { return other == nullptr; });
    if (unused) places_.erase({join.session, join.map.agent_of_rank[join.rank]});
    return link.status();
  }
  place.links[index] = std::move(link.value());
  const fabric::AgentAddress address = agent.address();
  const Member member{join.session, {place.map.agent_of_rank[join.rank]}, {join.rank}};
  return JoinedMember{member,
                      {place.links[index]->path(), agent.counters_path(), address.host,
                       address.arena_path, address.ucx_address}};
}

Status Sessions::connect(const Member& member, const link::Connect& connect) {
  Place& place = places_.at({member.session, member.agent.value});
  const auto missing = [](const auto& link) { return link == nullptr; };
  if (place.running || connect.agents.size() != place.map.agents() ||
      std::any_of(place.links.begin(), place.links.end(), missing)) {
    return {ErrorCode::mismatch,
            "the engine was told to connect out of turn (ranks disagree about "
            "the job) start every rank once"};
  }
  std::vector<fabric::AgentAddress> addresses;
  for (const link::Joined& agent : connect.agents) {
    addresses.push_back({agent.host, agent.arena_path, agent.ucx_address});
  }
  std::vector<wire::Channel*> links;
  for (const auto& link : place.links) links.push_back(&link->channel());
  if (Status status = place.agent->connect(addresses, std::move(links)); !status.ok()) {
    return status;
  }
  place.running = true;
  place.worker->add(place.agent.get(), place.has_core);
  return {};
}

void Sessions::unlink_names(const Member& member) {
  const auto it = places_.find({member.session, member.agent.value});
  if (it != places_.end()) it->second.agent->unlink();
}

void Sessions::one_gone(const Member& member, Place& place) {
  const auto joined = [](const auto& link) { return link != nullptr; };
  const auto members = std::count_if(place.links.begin(), place.links.end(), joined);
  if (++place.gone < static_cast<std::size_t>(members)) return;
  if (place.running) {
    place.worker->remove(place.agent.get());
    leaving_.push_back(std::move(place));
  }
  places_.erase({member.session, member.agent.value});
}

void Sessions::clear_away() {
  std::uint64_t drain = 0;
  [[maybe_unused]] const ssize_t got = ::read(removed_.get(), &drain, sizeof drain);
  for (const auto& worker : workers_) {
    for (const Agent* agent : worker->removed()) {
      leaving_.remove_if([&](const Place& place) { return place.agent.get() == agent; });
    }
  }
}

void Sessions::left(const Member& member) {
  const auto it = places_.find({member.session, member.agent.value});
  if (it != places_.end()) one_gone(member, it->second);
}

void Sessions::died(const Member& member) {
  const auto it = places_.find({member.session, member.agent.value});
  if (it == places_.end()) return;
  Place& place = it->second;
  if (place.running) {
    place.worker->fail(
        place.agent.get(),
        {ErrorCode::peer_died,
         "rank " + std::to_string(member.rank.value) + " on " + place.agent->address().host +
             " has ended (its connection to the engine broke) look at its output"});
  }
  one_gone(member, place);
}

void Sessions::look_after_peers() {
  for (auto& [key, place] : places_) {
    if (!place.running) continue;
    for (const AgentId peer : place.agent->ended_peers()) {
      place.worker->peer_died(
          place.agent.get(), peer,
          {ErrorCode::peer_died, "the engine of node " +
                                     std::to_string(place.map.node_of_agent[peer.value]) + " on " +
                                     place.agent->address().host +
                                     " has ended (its process is gone) look at its output"});
    }
  }
}

}  // namespace buddy::engine
