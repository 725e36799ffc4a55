#include "transport/ucx/ucx_channel.hpp"

#include <algorithm>
#include <utility>

#include "base/contract.hpp"
#include "transport/ucx/ucx_context.hpp"

namespace buddy::transport {
namespace {

/// A peer that has consumed everything hears so after this many rounds without traffic, because
/// until then an answer may carry the news.
constexpr std::uint32_t quiet_rounds_before_acknowledging = 8;

}  // namespace

UcxChannel::UcxChannel(const Identity& identity, const UcxShape& shape, UcxStats& stats,
                       TraceWriter* trace)
    : identity_(identity),
      stats_(stats),
      trace_(trace),
      frame_bytes_(shape.frame_bytes),
      inbox_(shape),
      outbox_(shape, this) {}

Status UcxChannel::connect(ucp_worker_h worker, std::span<const std::byte> address) {
  const ucs_status_t status = endpoint_.open(worker, address, &UcxChannel::on_error, this);
  if (status == UCS_OK) return {};
  return ucx_error(status, "cannot connect to " + name(),
                   "check that the machines reach each other and use the same UCX_TLS");
}

// ---- sending --------------------------------------------------------------------------------

wire::Push UcxChannel::try_push(wire::FrameKind kind, std::uint64_t records,
                                std::span<const std::byte> body) noexcept {
  BUDDY_EXPECT(body.size() <= frame_bytes_);
  if (state_ != State::open) return wire::Push::closed;
  if (outbox_.append(kind, records, body) == wire::Push::full) {
    if (outbox_.open_bytes() == 0 || !send_open() ||
        outbox_.append(kind, records, body) == wire::Push::full) {
      ++stats_.stalls;
      return wire::Push::full;
    }
  }
  ++stats_.frames_out;
  if (trace_ != nullptr) [[unlikely]] {
    trace_->record(TraceKind::write, outbox_.newest_frame());
  }
  if (!sent_this_round_) send_open();
  return wire::Push::ok;
}

PacketHeader UcxChannel::next_header() noexcept {
  notified_released_bytes_ = inbox_.released_bytes();
  PacketHeader header{};
  header.magic = packet_magic;
  header.version = packet_version;
  header.source = identity_.self.value;
  header.destination = identity_.peer.value;
  header.token = identity_.send_token;
  header.sequence = next_sequence_++;
  header.released = notified_released_bytes_;
  header.window_bytes = static_cast<std::uint32_t>(inbox_.window_bytes());
  return header;
}

bool UcxChannel::send_open() noexcept {
  if (state_ != State::open || outbox_.full()) return false;
  PacketHeader header = next_header();
  UcxOutbox::Sealed& sealed = outbox_.seal(header);
  ++stats_.packets_out;
  if (trace_ != nullptr) [[unlikely]] {
    trace_->record(TraceKind::send, sealed.bytes, identity_.peer.value);
  }
  sent_this_round_ = true;
  switch (endpoint_.send(sealed.bytes, &UcxChannel::on_sent, &sealed)) {
    case UcxEndpoint::Sent::done: outbox_.complete(sealed); return true;
    case UcxEndpoint::Sent::pending: return true;
    case UcxEndpoint::Sent::failed: break;
  }
  outbox_.complete(sealed);
  peer_gone(UCS_ERR_CONNECTION_RESET);
  return false;
}

bool UcxChannel::acknowledge() noexcept {
  if (state_ != State::open || acknowledging_) return false;
  acknowledgement_ = next_header();
  ++stats_.acknowledgements;
  const auto bytes = std::as_bytes(std::span(&acknowledgement_, 1));
  switch (endpoint_.send(bytes, &UcxChannel::on_acknowledged, this)) {
    case UcxEndpoint::Sent::done: return true;
    case UcxEndpoint::Sent::pending: acknowledging_ = true; return true;
    case UcxEndpoint::Sent::failed: break;
  }
  peer_gone(UCS_ERR_CONNECTION_RESET);
  return false;
}

void UcxChannel::on_sent(void* request, ucs_status_t reason, void* sealed) {
  ucp_request_free(request);
  auto& packet = *static_cast<UcxOutbox::Sealed*>(sealed);
  auto& channel = *static_cast<UcxChannel*>(packet.owner);
  channel.outbox_.complete(packet);
  ++channel.stats_.moved;
  if (reason != UCS_OK) channel.peer_gone(reason);
}

void UcxChannel::on_acknowledged(void* request, ucs_status_t reason, void* channel) {
  ucp_request_free(request);
  auto& self = *static_cast<UcxChannel*>(channel);
  self.acknowledging_ = false;
  if (reason != UCS_OK) self.peer_gone(reason);
}

bool UcxChannel::drained() noexcept {
  if (state_ != State::open) return true;
  send_held();
  return outbox_.drained();
}

bool UcxChannel::needs_no_progress() noexcept {
  if (state_ != State::open) return true;
  send_held();
  return outbox_.open_bytes() == 0 && outbox_.network_idle();
}

// ---- receiving ------------------------------------------------------------------------------

void UcxChannel::receive(const PacketHeader& header, std::span<const std::byte> packet) noexcept {
  if (state_ != State::open) {
    ++stats_.rejected;
    return;
  }
  quiet_rounds_ = 0;
  ++stats_.moved;
  ++stats_.packets_in;
  PacketFault fault = header.version == packet_version ? PacketFault::none : PacketFault::version;
  if (fault == PacketFault::none) fault = outbox_.credit(header.released, header.window_bytes);
  if (fault == PacketFault::none) fault = inbox_.accept(header, packet);
  if (fault == PacketFault::none) {
    if (trace_ != nullptr) [[unlikely]] {
      trace_->record(TraceKind::receive, inbox_.newest_packet(), identity_.peer.value);
    }
    introduce_ = next_sequence_ == 0;
    acknowledge_bytes_ = std::min<std::uint64_t>(header.window_bytes, inbox_.window_bytes()) / 2;
    return;
  }
  ++stats_.rejected;
  const ErrorCode code = fault == PacketFault::version ? ErrorCode::mismatch : ErrorCode::corrupt;
  fail({code, name() + " was disconnected (" + describe(fault) +
                  ") run the same Buddy everywhere, and check that machine's memory"});
}

wire::Peek UcxChannel::peek(wire::Frame& frame) noexcept {
  if (inbox_.peek(frame) == wire::Peek::ready) return wire::Peek::ready;
  return state_ == State::failed ? wire::Peek::broken : wire::Peek::empty;
}

void UcxChannel::release() noexcept {
  inbox_.release();
  ++stats_.frames_in;
  if (unacknowledged() >= acknowledge_bytes_) acknowledge();
}

// ---- life -----------------------------------------------------------------------------------

void UcxChannel::service() noexcept {
  sent_this_round_ = false;
  if (state_ != State::open) {
    endpoint_.close();
    return;
  }
  send_held();
  if (introduce_) {
    introduce_ = false;
    if (next_sequence_ == 0) acknowledge();
  }
  if (unacknowledged() == 0) return;
  if (++quiet_rounds_ >= quiet_rounds_before_acknowledging ||
      unacknowledged() >= acknowledge_bytes_) {
    acknowledge();
  }
}

void UcxChannel::send_all() noexcept {
  send_held();
  if (unacknowledged() != 0) acknowledge();
}

void UcxChannel::on_error(void* channel, ucp_ep_h /*endpoint*/, ucs_status_t reason) {
  static_cast<UcxChannel*>(channel)->peer_gone(reason);
}

void UcxChannel::peer_gone(ucs_status_t reason) noexcept {
  if (state_ != State::open) return;
  ++stats_.moved;
  if (inbox_.goodbye()) {
    state_ = State::left;
    return;
  }
  fail({ErrorCode::peer_died, name() + " is gone (" + ucs_status_string(reason) +
                                  ") look at what it wrote last, then start the job again"});
}

void UcxChannel::fail(Status reason) noexcept {
  state_ = State::failed;
  status_ = std::move(reason);
}

}  // namespace buddy::transport
