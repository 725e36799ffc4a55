// Frames to and from one peer across the network.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "instrument/trace.hpp"
#include "transport/channel.hpp"
#include "transport/end_id.hpp"
#include "transport/ucx/ucx_endpoint.hpp"
#include "transport/ucx/ucx_inbox.hpp"
#include "transport/ucx/ucx_outbox.hpp"
#include "transport/ucx/ucx_packet.hpp"
#include "transport/ucx/ucx_transport.hpp"

namespace buddy::transport {

/// One peer of a UcxTransport.
///
/// The first frame after a progress() that sent nothing goes out at once; further ones before the
/// next progress() or flush_wakeups(), or while UCX is busy, share packets. What the peer sent
/// before it died is still delivered; then peek() says broken. After the peer's goodbye its going
/// is no error: peek() says empty, pushes say closed, status() stays ok.
///
/// Threads: the fabric's.
class UcxChannel final : public transport::Channel {
 public:
  struct Identity {
    EndId self;
    EndId peer;
    std::uint64_t send_token = 0;  ///< goes into packets to the peer
    std::string host{};            ///< the peer's, for messages; empty: unknown
  };
  /// \param stats of the fabric, which outlives the channel
  /// \param trace nullptr: off
  UcxChannel(const Identity& identity, const UcxShape& shape, UcxStats& stats,
             TraceWriter* trace = nullptr);

  Status connect(ucp_worker_h worker, std::span<const std::byte> address);

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override;
  wire::Peek peek(wire::Frame& frame) noexcept override;
  void release() noexcept override;
  /// Sends the frames that wait for company.
  void flush_wakeups() noexcept override { send_held(); }
  /// Also true when the peer is gone: then waiting saves nothing.
  bool drained() noexcept override;
  bool needs_no_progress() noexcept override;
  bool shares_memory() const noexcept override { return false; }
  /// The peer said goodbye, or is gone: nobody waits for what is still under way.
  bool peer_left() const noexcept { return state_ != State::open || inbox_.goodbye(); }
  Status status() const override { return status_; }

  /// A packet from the peer, by its token.
  void receive(const PacketHeader& header, std::span<const std::byte> packet) noexcept;
  /// Sends what waits, closes the endpoint of a peer that is gone; once per progress().
  void service() noexcept;
  /// Sends everything, acknowledgements too: before sleeping or leaving.
  void send_all() noexcept;
  void close() noexcept { endpoint_.close(); }
  /// \pre close() was called
  bool closed() noexcept { return endpoint_.closed() && outbox_.network_idle(); }

 private:
  enum class State : std::uint8_t { open, left, failed };

  static void on_error(void* channel, ucp_ep_h endpoint, ucs_status_t reason);
  static void on_sent(void* request, ucs_status_t reason, void* sealed);
  static void on_acknowledged(void* request, ucs_status_t reason, void* channel);

  PacketHeader next_header() noexcept;
  void send_held() noexcept {
    if (outbox_.open_bytes() != 0) send_open();
  }
  bool send_open() noexcept;
  bool acknowledge() noexcept;
  std::uint64_t unacknowledged() const noexcept {
    return inbox_.released_bytes() - notified_released_bytes_;
  }
  void peer_gone(ucs_status_t reason) noexcept;
  void fail(Status reason) noexcept;
  std::string name() const {
    return to_string(identity_.peer) + (identity_.host.empty() ? "" : " on " + identity_.host);
  }

  Identity identity_;
  UcxStats& stats_;
  TraceWriter* trace_;
  std::size_t frame_bytes_;
  UcxInbox inbox_;
  UcxOutbox outbox_;
  UcxEndpoint endpoint_;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t notified_released_bytes_ = 0;
  std::uint64_t acknowledge_bytes_ = 0;  ///< consumed bytes the peer is told of without delay
  std::uint32_t quiet_rounds_ = 0;       ///< services since the last packet from the peer
  bool introduce_ = false;  ///< the peer has sent something and does not know our window yet
  bool sent_this_round_ = false;
  bool acknowledging_ = false;  ///< the network reads acknowledgement_
  State state_ = State::open;
  PacketHeader acknowledgement_{};
  Status status_;
};

}  // namespace buddy::transport
