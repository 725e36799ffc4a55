// Engine to engine in a simulation: a network with a virtual clock, inside one process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "transport/sim/sim_channel.hpp"
#include "transport/transport.hpp"

namespace buddy::transport {

/// What frames take between two agents.
struct SimWire {
  std::size_t capacity_bytes = 1 << 16;  ///< in flight and unreleased, one direction of one pair
  std::uint64_t min_delay_ns = 1'000;    ///< of a frame, of returned room, of bad news
  std::uint64_t max_delay_ns = 20'000;
  double frame_ns = 0;      ///< CPU time at either end, for a frame
  double byte_ns = 0;       ///< ... and for each of its bytes
  double port_byte_ns = 0;  ///< for which a byte keeps the sender's port busy

  double cpu_ns(std::size_t bytes) const noexcept {
    return frame_ns + byte_ns * static_cast<double>(bytes);
  }
};

struct SimOptions {
  std::uint64_t seed = 1;                      ///< of all delays
  SimWire wire{};                              ///< between nodes
  SimWire near{};                              ///< between agents of one node, which share its port
  std::vector<std::uint32_t> node_of_agent{};  ///< empty: every agent is a node
};

/// What an agent has sent, frame headers included.
struct SimTraffic {
  std::uint64_t packets = 0;  ///< frames with messages
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;            ///< of those frames
  std::uint64_t control_frames = 0;   ///< others
  std::uint64_t in_flight_bytes = 0;  ///< sent and not released
  std::uint64_t most_in_flight_bytes = 0;
};

/// Hears when an agent that sleeps has to be stepped.
class SimListener {
 public:
  virtual ~SimListener() = default;
  /// Something will arrive at \p agent before everything else that it waits for.
  virtual void expects(AgentId agent, std::uint64_t at_ns) noexcept = 0;
};

/// All connections between a number of agents, and the clock. A connection is made when one of its
/// ends is asked for.
/// Time passes only in advance_to(), and for an agent while it is stepped in what it spends: the
/// same seed and the same calls give the same run.
/// Threads: one for everything.
class SimNetwork {
 public:
  SimNetwork(std::uint32_t agents, const SimOptions& options);
  ~SimNetwork();
  SimNetwork(const SimNetwork&) = delete;
  SimNetwork& operator=(const SimNetwork&) = delete;

  SimTransport& fabric(AgentId agent) noexcept { return *fabrics_[agent.value]; }
  /// \param listener must outlive this, or be taken away with nullptr
  void set_listener(SimListener* listener) noexcept { listener_ = listener; }

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
  friend class SimTransport;
  struct Connection;
  /// \return the end of \p self
  SimChannel& connect(SimTransport& self, SimTransport& peer);
  const SimWire& wire(bool near) const noexcept { return near ? options_.near : options_.wire; }
  std::uint64_t delay_ns(const SimWire& wire) noexcept;
  /// \return when the last of so many bytes has left the node of \p agent
  std::uint64_t leave_port(const SimTransport& agent, std::size_t bytes) noexcept;
  std::uint32_t node_of(AgentId agent) const noexcept {
    return options_.node_of_agent.empty() ? agent.value : options_.node_of_agent[agent.value];
  }

  SimOptions options_;
  std::mt19937_64 random_;
  std::uint64_t now_ns_ = 0;
  SimListener* listener_ = nullptr;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<double> port_free_ns_;  ///< by node
  std::vector<std::unique_ptr<SimTransport>> fabrics_;
};

/// One agent's connections.
class SimTransport final : public Transport {
 public:
  SimTransport(SimNetwork& network, AgentId self) : network_(network), self_(self) {}

  std::uint32_t progress() noexcept override;
  /// Connects the two if they are not yet. \pre \p peer is another agent
  SimChannel* channel(EndId peer) noexcept override;
  /// There is nothing to sleep on: the owner of the clock knows when to step an agent.
  int event_fd() const noexcept override { return -1; }
  bool arm() noexcept override;

  AgentId agent() const noexcept { return self_; }
  std::optional<std::uint64_t> next_event_ns() const noexcept;

  /// The agent's clock: ahead of the network's by what it has spent while it is stepped.
  std::uint64_t now_ns() const noexcept {
    return network_.now_ns() + static_cast<std::uint64_t>(spent_ns_);
  }
  /// CPU time passes for this agent.
  void spend(double ns) noexcept { spent_ns_ += ns; }
  /// \return what it has spent since the last call
  double take_spent_ns() noexcept { return std::exchange(spent_ns_, 0); }
  const SimTraffic& traffic() const noexcept { return traffic_; }

 private:
  friend class SimChannel;
  friend class SimNetwork;
  struct Event {
    std::uint64_t at_ns;
    std::uint32_t slot;  ///< of the channel that has something to take over then
    /// For a heap whose top is the earliest.
    bool operator<(const Event& other) const noexcept { return at_ns > other.at_ns; }
  };
  struct Peer {
    std::uint32_t agent;
    SimChannel* channel;
  };
  void add(AgentId peer, SimChannel& channel);
  void expect(std::uint64_t at_ns, std::uint32_t slot);
  /// Frames on their way have been lost.
  void expect_anew();
  void count_sent(const wire::FrameHeader& header, std::size_t room) noexcept;
  void count_released(std::size_t room) noexcept { traffic_.in_flight_bytes -= room; }

  SimNetwork& network_;
  AgentId self_;
  std::vector<SimChannel*> channels_;  ///< by slot
  std::vector<Peer> peers_;            ///< the same, ascending
  std::vector<Event> events_;          ///< a heap
  double spent_ns_ = 0;
  SimTraffic traffic_;
};

}  // namespace buddy::transport
