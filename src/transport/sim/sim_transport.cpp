#include "transport/sim/sim_transport.hpp"

#include <algorithm>
#include <utility>

#include "base/contract.hpp"

namespace buddy::transport {

using wire::Frame;
using wire::FrameHeader;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

namespace {

std::size_t room_of(std::size_t body_bytes) { return sizeof(FrameHeader) + body_bytes; }

/// What every channel checks before it shows a frame.
bool looks_right(const SimLane::Flying& frame) {
  return frame.header.body_bytes == frame.body.size() &&
         frame.header.body_bytes <= wire::max_body_bytes &&
         frame.header.kind > FrameKind::padding && frame.header.kind <= wire::last_frame_kind;
}

void keep_earlier(std::optional<std::uint64_t>& earliest, std::uint64_t time) {
  if (!earliest || time < *earliest) earliest = time;
}

}  // namespace

// ---- channel --------------------------------------------------------------------------------

Push SimChannel::try_push(FrameKind kind, std::uint64_t records,
                          std::span<const std::byte> body) noexcept {
  if (!status_.ok()) return Push::closed;
  const std::size_t room = room_of(body.size());
  BUDDY_EXPECT(room <= network_.capacity_bytes());
  if (out_.used_bytes + room > network_.capacity_bytes()) return Push::full;
  out_.used_bytes += room;
  out_.last_arrival_ns =
      std::max(out_.last_arrival_ns, network_.now_ns() + network_.random_delay_ns());
  SimLane::Flying frame{out_.last_arrival_ns,
                        room,
                        {static_cast<std::uint32_t>(body.size()), kind, 0, records},
                        {body.begin(), body.end()}};
  if (out_.tamper) std::exchange(out_.tamper, nullptr)(frame.header, frame.body);
  out_.flying.push_back(std::move(frame));
  return Push::ok;
}

Peek SimChannel::peek(Frame& frame) noexcept {
  if (in_.arrived.empty()) return status_.ok() ? Peek::empty : Peek::broken;
  const SimLane::Flying& oldest = in_.arrived.front();
  if (!looks_right(oldest)) {
    if (status_.ok()) hang_up();
    return Peek::broken;
  }
  frame = {oldest.header, oldest.body};
  return Peek::ready;
}

void SimChannel::hang_up() noexcept {
  status_ = Status(ErrorCode::corrupt,
                   "a simulated frame is damaged (its header does not fit its body) look at the "
                   "test that tampered with it");
  network_.end_lane(out_, {ErrorCode::peer_died,
                           "a simulated peer has hung up (it found a damaged frame) look at the "
                           "test that tampered with it"});
}

void SimChannel::release() noexcept {
  BUDDY_EXPECT(!in_.arrived.empty());
  // Credits overtake nothing: they come back in the order of their frames.
  const std::uint64_t earliest = in_.credits.empty() ? 0 : in_.credits.back().arrival_ns;
  in_.credits.push_back({std::max(earliest, network_.now_ns() + network_.random_delay_ns()),
                         in_.arrived.front().room});
  in_.arrived.pop_front();
}

std::uint32_t SimChannel::progress() noexcept {
  const std::uint64_t now = network_.now_ns();
  std::uint32_t moved = 0;
  for (; !in_.flying.empty() && in_.flying.front().arrival_ns <= now; ++moved) {
    in_.arrived.push_back(std::move(in_.flying.front()));
    in_.flying.pop_front();
  }
  for (; !out_.credits.empty() && out_.credits.front().arrival_ns <= now; ++moved) {
    out_.used_bytes -= out_.credits.front().room;
    out_.credits.pop_front();
  }
  if (in_.death_ns && *in_.death_ns <= now) {
    if (status_.ok()) status_ = in_.death;
    in_.death_ns.reset();
    ++moved;
  }
  return moved;
}

std::optional<std::uint64_t> SimChannel::next_event_ns() const noexcept {
  std::optional<std::uint64_t> earliest = in_.death_ns;
  if (!in_.flying.empty()) keep_earlier(earliest, in_.flying.front().arrival_ns);
  if (!out_.credits.empty()) keep_earlier(earliest, out_.credits.front().arrival_ns);
  return earliest;
}

// ---- fabric ---------------------------------------------------------------------------------

std::uint32_t SimTransport::progress() noexcept {
  std::uint32_t moved = 0;
  for (const auto& channel : channels_) {
    if (channel) moved += channel->progress();
  }
  return moved;
}

std::optional<std::uint64_t> SimTransport::next_event_ns() const noexcept {
  std::optional<std::uint64_t> earliest;
  for (const auto& channel : channels_) {
    if (!channel) continue;
    if (const auto next = channel->next_event_ns()) keep_earlier(earliest, *next);
  }
  return earliest;
}

bool SimTransport::arm() noexcept {
  const auto next = next_event_ns();
  return !next || *next > network_.now_ns();
}

// ---- network --------------------------------------------------------------------------------

SimNetwork::SimNetwork(std::uint32_t agents, const SimOptions& options)
    : options_(options),
      random_(options.seed),
      lanes_(std::size_t{agents} * agents),
      fabrics_(agents) {
  for (std::uint32_t self = 0; self < agents; ++self) {
    std::vector<std::unique_ptr<SimChannel>> channels(agents);
    for (std::uint32_t peer = 0; peer < agents; ++peer) {
      if (peer == self) continue;
      channels[peer] = std::make_unique<SimChannel>(*this, lane(self, peer), lane(peer, self));
    }
    fabrics_[self] = std::make_unique<SimTransport>(*this, AgentId{self}, std::move(channels));
  }
}

SimNetwork::~SimNetwork() = default;

void SimNetwork::advance_to(std::uint64_t now_ns) noexcept {
  BUDDY_EXPECT(now_ns >= now_ns_);
  now_ns_ = now_ns;
}

std::optional<std::uint64_t> SimNetwork::next_event_ns(AgentId agent) const noexcept {
  return fabrics_[agent.value]->next_event_ns();
}

std::uint64_t SimNetwork::random_delay_ns() noexcept {
  const std::uint64_t spread = options_.max_delay_ns - options_.min_delay_ns + 1;
  return options_.min_delay_ns + random_() % spread;
}

void SimNetwork::end_lane(SimLane& lane, const Status& reason) {
  lane.death_ns = std::max(lane.last_arrival_ns, now_ns_ + random_delay_ns());
  lane.death = reason;
}

void SimNetwork::kill(AgentId agent, const Status& reason) {
  for (std::uint32_t peer = 0; peer < fabrics_.size(); ++peer) {
    if (peer == agent.value) continue;
    SimLane& last_words = lane(agent.value, peer);
    last_words.flying.resize(random_() % (last_words.flying.size() + 1));
    end_lane(last_words, reason);
    lane(peer, agent.value).flying.clear();
  }
}

void SimNetwork::tamper_next(AgentId from, AgentId to, Tamper tamper) {
  lane(from.value, to.value).tamper = std::move(tamper);
}

}  // namespace buddy::transport
