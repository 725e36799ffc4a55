#include "transport/sim/sim_transport.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/contract.hpp"

namespace buddy::transport {

// ---- one agent ------------------------------------------------------------------------------

std::uint32_t SimTransport::progress() noexcept {
  std::uint32_t moved = 0;
  while (!events_.empty() && events_.front().at_ns <= network_.now_ns()) {
    const std::uint32_t slot = events_.front().slot;
    std::pop_heap(events_.begin(), events_.end());
    events_.pop_back();
    moved += channels_[slot]->progress();
  }
  return moved;
}

SimChannel* SimTransport::channel(EndId peer) noexcept {
  const auto found =
      std::lower_bound(peers_.begin(), peers_.end(), peer.value,
                       [](const Peer& one, std::uint32_t agent) { return one.agent < agent; });
  if (found != peers_.end() && found->agent == peer.value) return found->channel;
  return &network_.connect(*this, network_.fabric({peer.value}));
}

void SimTransport::add(AgentId peer, SimChannel& channel) {
  const auto after =
      std::lower_bound(peers_.begin(), peers_.end(), peer.value,
                       [](const Peer& one, std::uint32_t agent) { return one.agent < agent; });
  peers_.insert(after, {peer.value, &channel});
  channels_.push_back(&channel);
}

std::optional<std::uint64_t> SimTransport::next_event_ns() const noexcept {
  if (events_.empty()) return std::nullopt;
  return events_.front().at_ns;
}

bool SimTransport::arm() noexcept {
  const auto next = next_event_ns();
  return !next || *next > network_.now_ns();
}

void SimTransport::expect(std::uint64_t at_ns, std::uint32_t slot) {
  const bool is_first = events_.empty() || at_ns < events_.front().at_ns;
  events_.push_back({at_ns, slot});
  std::push_heap(events_.begin(), events_.end());
  if (is_first && network_.listener_ != nullptr) network_.listener_->expects(self_, at_ns);
}

void SimTransport::expect_anew() {
  events_.clear();
  for (const Peer& peer : peers_) {
    const SimLane& in = peer.channel->in_;
    const SimLane& out = peer.channel->out_;
    const std::uint32_t slot = peer.channel->slot_;
    for (std::size_t i = peer.channel->arrived_; i < in.frames.size(); ++i) {
      events_.push_back({in.frames[i].arrival_ns, slot});
    }
    for (std::size_t i = 0; i < out.credits.size(); ++i) {
      events_.push_back({out.credits[i].arrival_ns, slot});
    }
    if (in.faults && in.faults->death_ns) events_.push_back({*in.faults->death_ns, slot});
  }
  std::make_heap(events_.begin(), events_.end());
}

void SimTransport::count_sent(const wire::FrameHeader& header, std::size_t room) noexcept {
  traffic_.in_flight_bytes += room;
  traffic_.most_in_flight_bytes = std::max(traffic_.most_in_flight_bytes, traffic_.in_flight_bytes);
  if (header.kind != wire::FrameKind::routed && header.kind != wire::FrameKind::final) {
    ++traffic_.control_frames;
    return;
  }
  ++traffic_.packets;
  traffic_.messages += header.records;
  traffic_.bytes += room;
}

// ---- network --------------------------------------------------------------------------------

/// Two lanes and their ends.
struct SimNetwork::Connection {
  Connection(SimNetwork& network, SimTransport& a, SimTransport& b, bool near)
      : end_a(network, a, b, to_b, to_a, near), end_b(network, b, a, to_a, to_b, near) {}
  SimLane to_b;
  SimLane to_a;
  SimChannel end_a;
  SimChannel end_b;
};

SimNetwork::SimNetwork(std::uint32_t agents, const SimOptions& options)
    : options_(options), random_(options.seed) {
  BUDDY_EXPECT(options.node_of_agent.empty() || options.node_of_agent.size() == agents);
  port_free_ns_.resize(agents, 0);
  for (std::uint32_t self = 0; self < agents; ++self) {
    fabrics_.push_back(std::make_unique<SimTransport>(*this, AgentId{self}));
  }
}

SimNetwork::~SimNetwork() = default;

SimChannel& SimNetwork::connect(SimTransport& self, SimTransport& peer) {
  BUDDY_EXPECT(&self != &peer);
  const bool near = node_of(self.agent()) == node_of(peer.agent());
  connections_.push_back(std::make_unique<Connection>(*this, self, peer, near));
  Connection& made = *connections_.back();
  made.end_a.slot_ = made.end_b.peers_slot_ = static_cast<std::uint32_t>(self.channels_.size());
  made.end_b.slot_ = made.end_a.peers_slot_ = static_cast<std::uint32_t>(peer.channels_.size());
  self.add(peer.agent(), made.end_a);
  peer.add(self.agent(), made.end_b);
  return made.end_a;
}

void SimNetwork::advance_to(std::uint64_t now_ns) noexcept {
  BUDDY_EXPECT(now_ns >= now_ns_);
  now_ns_ = now_ns;
}

std::optional<std::uint64_t> SimNetwork::next_event_ns(AgentId agent) const noexcept {
  return fabrics_[agent.value]->next_event_ns();
}

std::uint64_t SimNetwork::delay_ns(const SimWire& wire) noexcept {
  if (wire.min_delay_ns == wire.max_delay_ns) return wire.min_delay_ns;
  return wire.min_delay_ns + random_() % (wire.max_delay_ns - wire.min_delay_ns + 1);
}

std::uint64_t SimNetwork::leave_port(const SimTransport& agent, std::size_t bytes) noexcept {
  double& free_ns = port_free_ns_[node_of(agent.agent())];
  free_ns = std::max(free_ns, static_cast<double>(agent.now_ns())) +
            options_.wire.port_byte_ns * static_cast<double>(bytes);
  return static_cast<std::uint64_t>(std::ceil(free_ns));
}

void SimNetwork::kill(AgentId agent, const Status& reason) {
  for (const SimTransport::Peer& peer : fabrics_[agent.value]->peers_) {
    SimLane& last_words = peer.channel->out_;
    const std::size_t arrived = peer.channel->peer_.channels_[peer.channel->peers_slot_]->arrived_;
    const std::size_t flying = last_words.frames.size() - arrived;
    last_words.frames.keep(arrived + random_() % (flying + 1));
    peer.channel->end_out(reason);
    SimLane& unread = peer.channel->in_;
    unread.frames.keep(peer.channel->arrived_);
    peer.channel->peer_.expect_anew();
  }
}

void SimNetwork::tamper_next(AgentId from, AgentId to, Tamper tamper) {
  fabric(from).channel({to.value})->out_.need_faults().tamper = std::move(tamper);
}

}  // namespace buddy::transport
