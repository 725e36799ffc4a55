// What goes to one peer: frames that wait to be sent together, and packets on their way.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "transport/channel.hpp"
#include "transport/ucx/ucx_fifo.hpp"
#include "transport/ucx/ucx_packet.hpp"

namespace buddy::transport {

/// Sending half of a connection: pure bytes, no network.
/// A packet goes through three states: open (frames are added), sealed (the network reads it until
/// complete()), and outstanding (the peer has not said yet that it consumed it).
/// Invariants: outstanding + open bytes never exceed the smaller of both ends' windows; at most
/// most_sealed packets are with the network.
/// Threads: one.
class UcxOutbox {
 public:
  static constexpr std::size_t most_sealed = 8;

  /// A sealed packet. Its bytes stay where they are until complete().
  struct Sealed {
    std::span<std::byte> bytes;
    void* owner = nullptr;  ///< for whoever hears of the completion
    bool busy = false;
  };

  /// \param owner goes into every Sealed
  UcxOutbox(const UcxShape& shape, void* owner);

  /// Adds a frame to the open packet, opening one if there is none.
  /// \return full if the open packet must be sealed first, or the window is used up
  wire::Push append(wire::FrameKind kind, std::uint64_t records,
                    std::span<const std::byte> body) noexcept;

  /// What the last append() wrote, where it lies. \pre it returned ok, and nothing was sealed since
  std::span<const std::byte> newest_frame() const noexcept {
    return {open_ + newest_frame_at_, open_bytes_ - newest_frame_at_};
  }
  /// Frames waiting to be sealed, bytes with their header; 0 if there are none.
  std::size_t open_bytes() const noexcept { return open_bytes_; }

  /// Closes the open packet under \p header, whose payload_bytes is filled in.
  /// \pre open_bytes() != 0 and !full()
  Sealed& seal(PacketHeader& header) noexcept;
  /// most_sealed packets are with the network.
  bool full() const noexcept { return next_sealed_ - first_sealed_ == most_sealed; }
  /// The network has taken the packet's bytes.
  void complete(Sealed& sealed) noexcept;

  /// The peer says how much it has consumed and how large its window is.
  PacketFault credit(std::uint64_t released_bytes, std::uint32_t window_bytes) noexcept;

  /// The peer has consumed everything.
  bool drained() const noexcept { return open_bytes_ == 0 && sent_bytes_ == released_bytes_; }
  bool network_idle() const noexcept { return first_sealed_ == next_sealed_; }

 private:
  UcxShape shape_;
  PacketFifo packets_;
  std::array<Sealed, most_sealed> sealed_;
  std::uint64_t first_sealed_ = 0;  ///< oldest that is not complete, modulo most_sealed
  std::uint64_t next_sealed_ = 0;
  std::byte* open_ = nullptr;
  std::size_t open_bytes_ = 0;
  std::size_t newest_frame_at_ = 0;   ///< in the open packet; its header belongs to the first
  std::uint64_t sent_bytes_ = 0;      ///< room of all sealed packets
  std::uint64_t released_bytes_ = 0;  ///< ... of those that the peer consumed
  std::size_t packet_bytes_;          ///< largest packet both ends agree on
  std::uint64_t window_bytes_;        ///< most that may be between the two
  std::uint32_t peer_window_ = 0;     ///< as announced; 0: not yet
};

}  // namespace buddy::transport
