#include "transport/sim/sim_channel.hpp"

#include <algorithm>
#include <utility>

#include "base/contract.hpp"
#include "transport/sim/sim_transport.hpp"

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

}  // namespace

SimChannel::SimChannel(SimNetwork& network, SimTransport& self, SimTransport& peer, SimLane& out,
                       SimLane& in, bool near)
    : network_(network), self_(self), peer_(peer), out_(out), in_(in), near_(near) {}

Push SimChannel::try_push(FrameKind kind, std::uint64_t records,
                          std::span<const std::byte> body) noexcept {
  if (!status_.ok()) return Push::closed;
  const std::size_t room = room_of(body.size());
  const SimWire& wire = network_.wire(near_);
  BUDDY_EXPECT(room <= wire.capacity_bytes);
  if (out_.used_bytes + room > wire.capacity_bytes) return Push::full;
  out_.used_bytes += room;
  self_.spend(wire.cpu_ns(room));
  const std::uint64_t left_ns = near_ ? self_.now_ns() : network_.leave_port(self_, room);
  out_.last_arrival_ns = std::max(out_.last_arrival_ns, left_ns + network_.delay_ns(wire));
  SimLane::Flying frame{out_.last_arrival_ns,
                        room,
                        {static_cast<std::uint32_t>(body.size()), kind, 0, records},
                        {body.begin(), body.end()}};
  self_.count_sent(frame.header, room);
  if (out_.faults && out_.faults->tamper) {
    std::exchange(out_.faults->tamper, nullptr)(frame.header, frame.body);
  }
  out_.frames.push_back(std::move(frame));
  peer_.expect(out_.last_arrival_ns, peers_slot_);
  return Push::ok;
}

Peek SimChannel::peek(Frame& frame) noexcept {
  if (arrived_ == 0) return status_.ok() ? Peek::empty : Peek::broken;
  const SimLane::Flying& oldest = in_.frames[0];
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
  end_out({ErrorCode::peer_died,
           "a simulated peer has hung up (it found a damaged frame) look at the test that tampered "
           "with it"});
}

void SimChannel::end_out(const Status& reason) {
  SimLane::Faults& faults = out_.need_faults();
  const std::uint64_t soon = network_.now_ns() + network_.delay_ns(network_.wire(near_));
  faults.death_ns = std::max(out_.last_arrival_ns, soon);
  faults.death = reason;
  peer_.expect(*faults.death_ns, peers_slot_);
}

void SimChannel::release() noexcept {
  BUDDY_EXPECT(arrived_ != 0);
  const SimWire& wire = network_.wire(near_);
  const std::size_t room = in_.frames[0].room;
  self_.spend(wire.cpu_ns(room));
  peer_.count_released(room);
  // Credits overtake nothing: they come back in the order of their frames.
  const std::uint64_t earliest = in_.credits.empty() ? 0 : in_.credits.back().arrival_ns;
  const std::uint64_t back_ns = std::max(earliest, self_.now_ns() + network_.delay_ns(wire));
  in_.credits.push_back({back_ns, room});
  in_.frames.pop_front();
  --arrived_;
  peer_.expect(back_ns, peers_slot_);
}

std::uint32_t SimChannel::progress() noexcept {
  const std::uint64_t now = network_.now_ns();
  std::uint32_t moved = 0;
  for (; arrived_ < in_.frames.size() && in_.frames[arrived_].arrival_ns <= now; ++moved) {
    ++arrived_;
  }
  for (; !out_.credits.empty() && out_.credits[0].arrival_ns <= now; ++moved) {
    out_.used_bytes -= out_.credits[0].room;
    out_.credits.pop_front();
  }
  if (in_.faults && in_.faults->death_ns && *in_.faults->death_ns <= now) {
    if (status_.ok()) status_ = in_.faults->death;
    in_.faults->death_ns.reset();
    ++moved;
  }
  return moved;
}

}  // namespace buddy::transport
