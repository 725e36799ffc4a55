#include "engine/engine_instance.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "base/clock.hpp"
#include "base/host_name.hpp"

namespace buddy::engine {
namespace {

/// The first answer of another machine takes a round trip. Those that take longer go on connecting.
constexpr int settle_ms = 2'000;

std::string path_in(const arena::JobDir& directory, const char* kind, AgentId agent) {
  return directory.path() + "/" + kind + "-" + std::to_string(agent.value);
}

std::size_t slot_of(const std::vector<AgentId>& agents, AgentId agent) {
  return static_cast<std::size_t>(std::find(agents.begin(), agents.end(), agent) - agents.begin());
}

std::vector<transport::RingPeer> ring_peers(const wire::JobMap& map, const wire::Routes& routes,
                                            AgentId self) {
  std::vector<transport::RingPeer> peers;
  for (const AgentId peer : wire::ring_neighbours(map, routes, self)) {
    const std::vector<AgentId> theirs = wire::ring_neighbours(map, routes, peer);
    peers.push_back({peer, slot_of(theirs, self), theirs.size()});
  }
  return peers;
}

}  // namespace

EngineInstance::EngineInstance(Options options, arena::JobDir directory, arena::Doorbell doorbell,
                               arena::CounterFile counters, arena::ShmFile state)
    : options_(std::move(options)),
      routes_(map()),
      neighbours_(routes_.neighbours(options_.self)),
      sizes_(arena::sizes_for(routes_, map().knobs)),
      directory_(std::move(directory)),
      doorbell_(std::move(doorbell)),
      counter_file_(std::move(counters)),
      state_(std::move(state)) {}

Result<std::unique_ptr<EngineInstance>> EngineInstance::create(Options options) {
  const AgentId self = options.self;
  const wire::Routes routes(*options.map);
  const arena::Sizes sizes = arena::sizes_for(routes, options.map->knobs);
  auto directory = arena::JobDir::create();
  if (!directory.ok()) return directory.status();
  auto doorbell = arena::Doorbell::create(path_in(directory.value(), "fabric", self) + ".doorbell");
  if (!doorbell.ok()) return doorbell.status();
  const auto locals = static_cast<std::uint32_t>(options.map->ranks_of(self).size());
  auto counters = arena::CounterFile::create(path_in(directory.value(), "counters", self), locals);
  if (!counters.ok()) return counters.status();
  const std::size_t hops = locals + routes.neighbours(self).size();
  auto state = arena::ShmFile::create(path_in(directory.value(), "state", self),
                                      engine_arena_bytes(hops, sizes));
  if (!state.ok()) return state.status();
  std::unique_ptr<EngineInstance> agent(new EngineInstance(
      std::move(options), std::move(directory.value()), std::move(doorbell.value()),
      std::move(counters.value()), std::move(state.value())));
  agent->describe();
  auto trace = TraceWriter::from_environment(self.value, agent->counter_file_.page().node);
  if (!trace.ok()) return trace.status();
  agent->trace_ = std::move(trace.value());
  if (Status status = agent->make_transports(); !status.ok()) return status;
  return agent;
}

void EngineInstance::describe() {
  arena::CounterPage& page = counter_file_.page();
  page.pid = static_cast<std::uint32_t>(::getpid());
  page.agent = options_.self.value;
  page.node = map().node_of(options_.self).value;
  page.embedded = options_.embedded ? 1 : 0;
  page.ranks = map().ranks();
  page.start_ns = monotonic_ns();
}

Status EngineInstance::make_transports() {
  std::vector<transport::RingPeer> peers = ring_peers(map(), routes_, options_.self);
  const bool all_near = peers.size() == neighbours_.size();
  auto rings = transport::RingTransport::create(path_in(directory_, "fabric", options_.self),
                                                std::move(peers), sizes_);
  if (!rings.ok()) return rings.status();
  rings_ = std::move(rings.value());
  if (all_near) return {};
  if (Status status = make_network(); !status.ok()) return status;
  return make_watch();
}

/// Where all agents are on one machine there is none to vanish.
Status EngineInstance::make_watch() {
  const auto& machines = map().machine_of_agent;
  if (std::count(machines.begin(), machines.end(), machines.front()) ==
      static_cast<std::ptrdiff_t>(machines.size())) {
    return {};
  }
  auto watch = transport::MachineWatch::create(options_.peer_timeout_s);
  if (!watch.ok()) return watch.status();
  machines_ = std::move(watch.value());
  return {};
}

Status EngineInstance::make_network() {
  if (network_ != nullptr) return {};
  auto network = transport::make_network_transport(sizes_, trace_.get());
  if (!network.ok()) return network.status();
  network_ = std::move(network.value());
  return {};
}

transport::AgentAddress EngineInstance::address() const {
  return {host_name(), rings_->path(), network_ == nullptr ? std::string() : network_->address(),
          machines_ == nullptr ? std::string() : machines_->address()};
}

Result<transport::LinkAddress> EngineInstance::admit(std::size_t index, RankId rank,
                                                     const transport::LinkAddress& rank_end,
                                                     const Distance& distance) {
  if (rank_end.kind == transport::LinkKind::network) {
    if (Status status = make_network(); !status.ok()) return status;
  }
  const transport::EngineLinkOptions options{
      rank,
      directory_.path() + "/link-" + std::to_string(rank.value),
      doorbell_.path(),
      counter_file_.path(),
      sizes_,
      network_.get(),
      distance.round_trip_ns,
      distance.host};
  auto link = transport::make_engine_link(rank_end, options);
  if (!link.ok()) return link.status();
  links_.resize(std::max(links_.size(), index + 1));
  links_[index] = std::move(link.value());
  return links_[index]->address();
}

Status EngineInstance::connect_network(const transport::AgentAddresses& addresses) {
  std::vector<transport::NetworkTransport::Peer> peers;
  for (const AgentId agent : neighbours_) {
    if (map().share_memory(options_.self.value, agent.value)) continue;
    const std::uint32_t machine = map().machine_of_agent[agent.value];
    const transport::AgentAddress& address = addresses.of(agent);
    peers.push_back({transport::EndId::of(agent), address.ucx_address,
                     machines_ == nullptr ? 0 : machines_->round_trip_ns(machine), address.host});
  }
  for (const auto& link : links_) {
    if (auto peer = link->peer()) peers.push_back(std::move(*peer));
  }
  return network_->connect(transport::EndId::of(options_.self), options_.key, peers);
}

Status EngineInstance::watch_peers(const transport::AgentAddresses& addresses) {
  for (const AgentId agent : neighbours_) {
    const bool same_process = map().node_of(agent) == map().node_of(options_.self);
    if (same_process || !map().share_memory(options_.self.value, agent.value)) continue;
    auto life = arena::LifeWatch::open(addresses.of(agent).arena_path);
    if (!life.ok()) return life.status();
    watched_.push_back({agent, std::move(life.value())});
  }
  return {};
}

/// One neighbour on each machine stands for it. A loss elsewhere is noticed by its neighbours,
/// and told to all.
Status EngineInstance::watch_machines(const transport::AgentAddresses& addresses) {
  if (machines_ == nullptr) return {};
  const auto& machine_of_agent = map().machine_of_agent;
  std::vector<transport::MachineWatch::Machine> others;
  std::set<std::uint32_t> seen{machine_of_agent[options_.self.value]};
  for (const AgentId agent : neighbours_) {
    const std::uint32_t machine = machine_of_agent[agent.value];
    if (!seen.insert(machine).second) continue;
    const transport::AgentAddress& address = addresses.of(agent);
    others.push_back({machine, address.host, address.watch_address});
  }
  if (Status status = machines_->watch(others, settle_ms); !status.ok()) return status;
  const auto first = std::find(machine_of_agent.begin(), machine_of_agent.end(),
                               machine_of_agent[options_.self.value]);
  if (first - machine_of_agent.begin() != options_.self.value) return {};
  for (const auto& event : machines_->unwatched()) {
    std::fprintf(stderr, "buddy: %s\n", event.reason.message().c_str());
  }
  return {};
}

Status EngineInstance::vanished_machine() {
  if (machines_ == nullptr) return {};
  const auto events = machines_->vanished();
  return events.empty() ? Status() : events.front().reason;
}

std::vector<AgentId> EngineInstance::ended_peers() {
  std::vector<AgentId> ended;
  std::erase_if(watched_, [&](const Watched& each) {
    if (!each.life.ended()) return false;
    ended.push_back(each.peer);
    return true;
  });
  return ended;
}

Status EngineInstance::connect(const transport::AgentAddresses& addresses) {
  return connect(addresses, [this] {
    std::vector<transport::Channel*> channels;
    for (const auto& link : links_) channels.push_back(link->channel(network_.get()));
    if (options_.way == nullptr) return channels;
    for (transport::Channel*& channel : channels) {
      delayed_.push_back(options_.way->delay(*channel));
      channel = delayed_.back().get();
    }
    return channels;
  });
}

Status EngineInstance::connect(const transport::AgentAddresses& addresses,
                               transport::Channel& link) {
  return connect(addresses, [&link] { return std::vector<transport::Channel*>{&link}; });
}

Status EngineInstance::connect(const transport::AgentAddresses& addresses,
                               const std::function<std::vector<transport::Channel*>()>& links) {
  const bool all_known = std::all_of(neighbours_.begin(), neighbours_.end(), [&](AgentId agent) {
    return addresses.find(agent) != nullptr;
  });
  if (!all_known) {
    return {ErrorCode::mismatch,
            "an engine was not told where its neighbours are (ranks disagree about the job) use "
            "the same Buddy everywhere"};
  }
  if (Status status = rings_->connect(addresses); !status.ok()) return status;
  if (Status status = watch_machines(addresses); !status.ok()) return status;
  if (!options_.embedded) {
    if (Status status = watch_peers(addresses); !status.ok()) return status;
  }
  Resources around;
  around.counters = &counter_file_.page().table;
  around.arena = state_.bytes();
  around.slots = counter_file_.slots();
  around.failure = &counter_file_.failure();
  around.trace = trace_.get();
  if (network_ != nullptr) {
    if (Status status = connect_network(addresses); !status.ok()) return status;
    around.transports.push_back(network_.get());
  }
  around.links = links();
  for (const AgentId agent : neighbours_) {
    transport::Channel* channel = rings_->channel(transport::EndId::of(agent));
    if (channel == nullptr && network_ != nullptr) {
      channel = network_->channel(transport::EndId::of(agent));
    }
    around.peers.push_back(channel);
  }
  engine_ = std::make_unique<Engine>(options_.map, options_.self, std::move(around), sizes_);
  return {};
}

void EngineInstance::count_sleeps(const arena::SleepCounts& before,
                                  const arena::SleepCounts& now) noexcept {
  counters().add(Counter::sleeps, now.sleeps - before.sleeps);
  counters().add(Counter::wakeups, now.wakeups - before.wakeups);
  counters().add(Counter::wake_ns, now.wake_ns - before.wake_ns);
  counters().add(Counter::late_wakeups, now.late - before.late);
}

bool EngineInstance::under_way() const noexcept {
  return std::any_of(delayed_.begin(), delayed_.end(),
                     [](const auto& channel) { return channel->in_flight(); });
}

void EngineInstance::peer_died(AgentId peer, const Status& reason) {
  rings_->peer_died(peer, reason);
}

void EngineInstance::unlink() noexcept {
  doorbell_.unlink();
  counter_file_.unlink();
  state_.unlink();
  rings_->unlink();
  [[maybe_unused]] const arena::JobDir gone = std::move(directory_);
}

}  // namespace buddy::engine
