#include "engine/sessions.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "arena/knobs.hpp"

namespace buddy::engine {

Status check_join(const transport::Join& join) {
  if (!join.map) return {};
  const wire::JobMap& map = *join.map;
  if (map.consistent(arena::max_ranks) && join.rank < map.ranks() &&
      map.agent_of_rank[join.rank] == join.agent && arena::check_knobs(map.knobs).ok()) {
    return {};
  }
  return {ErrorCode::corrupt,
          "a rank asked to join a job that makes no sense (its map is "
          "damaged) use the same Buddy everywhere"};
}

Sessions::Sessions(const ServerOptions& options)
    : key_(options.key),
      peer_timeout_s_(options.peer_timeout_s),
      way_(options.dpu),
      removed_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (int i = 0; i < options.workers; ++i) {
    Worker::Core core{.cpus = options.cpus, .slowdown = options.dpu.slowdown};
    if (!options.any_cpu && !core.cpus.empty()) {
      core.cpus = {core.cpus[static_cast<std::size_t>(i) % core.cpus.size()]};
    }
    workers_.push_back(std::make_unique<Worker>(std::move(core), [this] {
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

Result<std::shared_ptr<const wire::JobMap>> Sessions::map_for(transport::Join& join) const {
  const auto known = sessions_.lower_bound({join.session, 0});  // of any agent
  const bool is_known = known != sessions_.end() && known->first.first == join.session;
  if (!join.map) {
    const auto own = sessions_.find({join.session, join.agent});
    if (own != sessions_.end()) return own->second.map;
    return Status(ErrorCode::mismatch,
                  "rank " + std::to_string(join.rank) +
                      " asked to join a job that the engine has no map of (the rank that should "
                      "have brought it has not, or has ended) look at the output of the others");
  }
  if (!is_known) return std::make_shared<const wire::JobMap>(std::move(*join.map));
  if (*known->second.map == *join.map) return known->second.map;
  return Status(ErrorCode::mismatch,
                "rank " + std::to_string(join.rank) +
                    " has another map of its job than others (ranks disagree about the job) start "
                    "every rank once, and use the same Buddy everywhere");
}

Result<Sessions::Session*> Sessions::session_for(const transport::Join& join,
                                                 const std::shared_ptr<const wire::JobMap>& map) {
  const AgentId agent{join.agent};
  const auto [it, is_new] = sessions_.try_emplace({join.session, agent.value});
  Session& session = it->second;
  if (!is_new) return &session;
  session.map = map;
  session.ranks = map->ranks_of(agent);
  session.joined.resize(session.ranks.size());
  session.worker = &worker_of(*map, agent);
  session.has_core = join.engine_has_cores;
  auto made = EngineInstance::create(
      {session.map, agent, key_, false, peer_timeout_s_, way_.delays() ? &way_ : nullptr});
  if (!made.ok()) {
    sessions_.erase(it);
    return made.status();
  }
  session.agent = std::move(made.value());
  return &session;
}

Result<Sessions::JoinedMember> Sessions::join(const transport::Join& join,
                                              const std::shared_ptr<const wire::JobMap>& map,
                                              const EngineInstance::Distance& distance) {
  auto found = session_for(join, map);
  if (!found.ok()) return found.status();
  Session& session = *found.value();
  const auto it = std::find(session.ranks.begin(), session.ranks.end(), RankId{join.rank});
  const auto index = static_cast<std::size_t>(it - session.ranks.begin());
  if (index == session.ranks.size()) {
    return Status(ErrorCode::mismatch, "rank " + std::to_string(join.rank) +
                                           " is none of those that the engine serves (ranks "
                                           "disagree about the job) start every rank once");
  }
  if (session.joined[index]) {
    return Status(ErrorCode::mismatch, "rank " + std::to_string(join.rank) +
                                           " is known already (two processes say they are it) "
                                           "start every rank once");
  }
  EngineInstance& agent = *session.agent;
  auto link = agent.admit(index, {join.rank}, join.link, distance);
  if (!link.ok()) {
    const bool unused = std::none_of(session.joined.begin(), session.joined.end(), std::identity{});
    if (unused) sessions_.erase({join.session, join.agent});
    return link.status();
  }
  session.joined[index] = true;
  const Member member{join.session, {join.agent}, {join.rank}};
  return JoinedMember{member, {std::move(link.value()), agent.address()}};
}

Status Sessions::connect(const Member& member, const transport::Connect& connect) {
  Session& session = sessions_.at({member.session, member.agent.value});
  if (!session.loss.ok()) return session.loss;
  if (session.asked_to_connect ||
      !std::all_of(session.joined.begin(), session.joined.end(), std::identity{})) {
    return {ErrorCode::mismatch,
            "the engine was told to connect out of turn (ranks disagree about "
            "the job) start every rank once"};
  }
  session.asked_to_connect = true;  // once: what has failed half-way is not begun again
  if (Status status = session.agent->connect(connect.agents); !status.ok()) return status;
  session.running = true;
  session.worker->add(session.agent.get(), session.has_core);
  return {};
}

void Sessions::unlink_names(const Member& member) {
  const auto it = sessions_.find({member.session, member.agent.value});
  if (it != sessions_.end()) it->second.agent->unlink();
}

void Sessions::one_gone(const Member& member, Session& session) {
  const auto members = std::count(session.joined.begin(), session.joined.end(), true);
  if (++session.gone < static_cast<std::size_t>(members)) return;
  if (session.running) {
    session.worker->remove(session.agent.get());
    leaving_.push_back(std::move(session));
  }
  sessions_.erase({member.session, member.agent.value});
}

void Sessions::clear_away() {
  std::uint64_t drain = 0;
  [[maybe_unused]] const ssize_t got = ::read(removed_.get(), &drain, sizeof drain);
  for (const auto& worker : workers_) {
    for (const EngineInstance* agent : worker->removed()) {
      leaving_.remove_if([&](const Session& session) { return session.agent.get() == agent; });
    }
  }
}

void Sessions::left(const Member& member) {
  const auto it = sessions_.find({member.session, member.agent.value});
  if (it != sessions_.end()) one_gone(member, it->second);
}

void Sessions::died(const Member& member, const Status& why) {
  const auto it = sessions_.find({member.session, member.agent.value});
  if (it == sessions_.end()) return;
  Session& session = it->second;
  if (session.running) {
    session.worker->fail(session.agent.get(), why);
  } else if (session.loss.ok()) {
    session.loss = why;
  }
  one_gone(member, session);
}

Status Sessions::failure_of(const Member& member) const {
  const auto it = sessions_.find({member.session, member.agent.value});
  if (it == sessions_.end() || !it->second.running) return {};
  return it->second.agent->noted_failure();
}

void Sessions::look_after_peers() {
  for (auto& [key, session] : sessions_) {
    if (!session.running) continue;
    if (Status gone = session.agent->vanished_machine(); !gone.ok()) {
      session.worker->fail(session.agent.get(), gone);
    }
    for (const AgentId peer : session.agent->ended_peers()) {
      session.worker->peer_died(
          session.agent.get(), peer,
          {ErrorCode::peer_died, "the engine of node " +
                                     std::to_string(session.map->node_of_agent[peer.value]) +
                                     " on " + session.agent->address().host +
                                     " has ended (its process is gone) look at its output"});
    }
  }
}

}  // namespace buddy::engine
