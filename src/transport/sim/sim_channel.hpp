// One agent's end of a simulated connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "transport/channel.hpp"
#include "transport/sim/sim_queue.hpp"

namespace buddy::transport {

class SimNetwork;
class SimTransport;

/// Changes a frame on its way. The header's body_bytes may end up different from the body's size.
using Tamper = std::function<void(wire::FrameHeader& header, std::vector<std::byte>& body)>;

/// One direction between two agents.
/// Invariants: frames arrive in the order sent; used_bytes never exceeds the capacity, and room
/// comes back to the sender with a delay of its own.
struct SimLane {
  struct Flying {
    std::uint64_t arrival_ns = 0;
    std::size_t room = 0;  ///< what it takes of the capacity
    wire::FrameHeader header{};
    std::vector<std::byte> body;
  };
  struct Credit {
    std::uint64_t arrival_ns = 0;
    std::size_t room = 0;
  };
  /// What happens to few lanes.
  struct Faults {
    std::optional<std::uint64_t> death_ns;  ///< when the receiver learns that the sender is gone
    Status death;
    Tamper tamper;  ///< for the next frame
  };
  SimQueue<Flying> frames;     ///< not released: first those that have arrived
  SimQueue<Credit> credits;    ///< released, not known to the sender
  std::size_t used_bytes = 0;  ///< as the sender knows it
  std::uint64_t last_arrival_ns = 0;
  std::unique_ptr<Faults> faults;

  Faults& need_faults() {
    if (!faults) faults = std::make_unique<Faults>();
    return *faults;
  }
};

/// An agent's end of its two lanes to a peer.
class SimChannel final : public transport::Channel {
 public:
  /// \param near whether both agents are on one node
  SimChannel(SimNetwork& network, SimTransport& self, SimTransport& peer, SimLane& out, SimLane& in,
             bool near);

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override;
  wire::Peek peek(wire::Frame& frame) noexcept override;
  void release() noexcept override;
  bool drained() noexcept override { return out_.used_bytes == 0; }
  Status status() const override { return status_; }

  /// Takes over what has arrived by now. \return frames, credits and news
  std::uint32_t progress() noexcept;

 private:
  friend class SimNetwork;
  friend class SimTransport;
  /// As UCX does when a peer sends malformed input.
  void hang_up() noexcept;
  /// The peer learns after the last frame that there will be no more.
  void end_out(const Status& reason);

  std::size_t arrived_ = 0;  ///< of the inbound frames; beside what else every look reads
  SimNetwork& network_;
  SimTransport& self_;
  SimTransport& peer_;
  SimLane& out_;
  SimLane& in_;
  Status status_;
  std::uint32_t slot_ = 0;        ///< of this channel at its own end
  std::uint32_t peers_slot_ = 0;  ///< of its other end there
  bool near_;
};

}  // namespace buddy::transport
