// Engine to engine in a simulation: a network with a virtual clock, inside one process.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "transport/transport.hpp"

namespace buddy::transport {

class SimTransport;
class SimNetwork;

struct SimOptions {
  std::uint64_t seed = 1;                ///< of all delays
  std::size_t capacity_bytes = 1 << 16;  ///< in flight and unreleased, one direction of one pair
  std::uint64_t min_delay_ns = 1'000;    ///< of a frame, of returned room, of bad news
  std::uint64_t max_delay_ns = 20'000;
};

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
    std::uint64_t arrival_ns;
    std::size_t room;
  };
  std::deque<Flying> flying;   ///< sent, not arrived
  std::deque<Flying> arrived;  ///< not released
  std::deque<Credit> credits;  ///< released, not known to the sender
  std::size_t used_bytes = 0;  ///< as the sender knows it
  std::uint64_t last_arrival_ns = 0;
  std::optional<std::uint64_t> death_ns;  ///< when the receiver learns that the sender is gone
  Status death;
  Tamper tamper;  ///< for the next frame
};

/// An agent's end of its two lanes to a peer.
class SimChannel final : public transport::Channel {
 public:
  SimChannel(SimNetwork& network, SimLane& out, SimLane& in)
      : network_(network), out_(out), in_(in) {}

  wire::Push try_push(wire::FrameKind kind, std::uint64_t records,
                      std::span<const std::byte> body) noexcept override;
  wire::Peek peek(wire::Frame& frame) noexcept override;
  void release() noexcept override;
  bool drained() noexcept override { return out_.used_bytes == 0; }
  Status status() const override { return status_; }

  /// Takes over what has arrived by now. \return frames, credits and news
  std::uint32_t progress() noexcept;
  std::optional<std::uint64_t> next_event_ns() const noexcept;

 private:
  /// As UCX does when a peer sends malformed input.
  void hang_up() noexcept;

  SimNetwork& network_;
  SimLane& out_;
  SimLane& in_;
  Status status_;
};

/// All lanes between a number of agents, and the clock.
/// Time passes only in advance_to(): the same seed and the same calls give the same run.
/// Threads: one for everything.
class SimNetwork {
 public:
  SimNetwork(std::uint32_t agents, const SimOptions& options);
  ~SimNetwork();
  SimNetwork(const SimNetwork&) = delete;
  SimNetwork& operator=(const SimNetwork&) = delete;

  SimTransport& fabric(AgentId agent) noexcept { return *fabrics_[agent.value]; }
  std::size_t capacity_bytes() const noexcept { return options_.capacity_bytes; }

  std::uint64_t now_ns() const noexcept { return now_ns_; }
  void advance_to(std::uint64_t now_ns) noexcept;
  /// When the next frame, returned room or bad news reaches an agent, if anything is on its way.
  std::optional<std::uint64_t> next_event_ns(AgentId agent) const noexcept;

  /// The agent's process ends: some of what it sent last never arrives, and its peers learn of the
  /// end some time after the rest.
  void kill(AgentId agent, const Status& reason);
  /// Lets \p tamper change the next frame between two agents.
  void tamper_next(AgentId from, AgentId to, Tamper tamper);

 private:
  friend class SimChannel;
  std::uint64_t random_delay_ns() noexcept;
  /// The receiver of a lane learns after the last frame that there will be no more.
  void end_lane(SimLane& lane, const Status& reason);
  SimLane& lane(std::uint32_t from, std::uint32_t to) noexcept {
    return lanes_[std::size_t{from} * fabrics_.size() + to];
  }

  SimOptions options_;
  std::mt19937_64 random_;
  std::uint64_t now_ns_ = 0;
  std::vector<SimLane> lanes_;  ///< by sender, then receiver
  std::vector<std::unique_ptr<SimTransport>> fabrics_;
};

/// One agent's connections.
class SimTransport final : public Transport {
 public:
  /// \param channels by agent; nullptr for self
  SimTransport(SimNetwork& network, AgentId self, std::vector<std::unique_ptr<SimChannel>> channels)
      : network_(network), self_(self), channels_(std::move(channels)) {}

  std::uint32_t progress() noexcept override;
  SimChannel* channel(EndId peer) noexcept override { return channels_[peer.value].get(); }
  /// There is nothing to sleep on: the owner of the clock knows when to step an agent.
  int event_fd() const noexcept override { return -1; }
  bool arm() noexcept override;

  std::optional<std::uint64_t> next_event_ns() const noexcept;

 private:
  SimNetwork& network_;
  AgentId self_;
  std::vector<std::unique_ptr<SimChannel>> channels_;
};

}  // namespace buddy::transport
