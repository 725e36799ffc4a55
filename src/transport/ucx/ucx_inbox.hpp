// What one peer has sent and the engine has not consumed.
#pragma once

#include <cstdint>
#include <span>

#include "transport/channel.hpp"
#include "transport/ucx/ucx_fifo.hpp"
#include "transport/ucx/ucx_packet.hpp"

namespace buddy::transport {

/// Receiving half of a connection: pure bytes, no network.
/// Invariants: holds at most window_bytes of packets; every frame in it has passed check_frames();
/// packets are taken in sequence.
/// Threads: one.
class UcxInbox {
 public:
  explicit UcxInbox(const UcxShape& shape) : shape_(shape), packets_(shape.buffer_bytes()) {}

  /// Copies a packet in and checks it.
  /// \param header the copy that was checked to be from this peer
  /// \param packet all of it, header included
  PacketFault accept(const PacketHeader& header, std::span<const std::byte> packet) noexcept;

  /// Where the last packet that was accepted lies; empty if it had no frames.
  std::span<const std::byte> newest_packet() const noexcept { return newest_packet_; }
  /// The oldest frame; empty or ready.
  wire::Peek peek(wire::Frame& frame) noexcept;
  /// \pre the last peek() returned ready
  void release() noexcept;

  /// room_bytes() of all packets consumed so far, for the peer to know.
  std::uint64_t released_bytes() const noexcept { return released_bytes_; }
  std::uint64_t window_bytes() const noexcept { return shape_.window_bytes; }
  /// The peer has said goodbye: nothing follows, and its going is no error.
  bool goodbye() const noexcept { return goodbye_; }

 private:
  UcxShape shape_;
  PacketFifo packets_;
  std::span<const std::byte> newest_packet_;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t released_bytes_ = 0;
  std::size_t frame_at_ = 0;    ///< of the peeked frame in the oldest packet, 0 if none is open
  std::size_t packet_end_ = 0;  ///< of the oldest packet, if one is open
  bool goodbye_ = false;
};

}  // namespace buddy::transport
