// An engine with everything it needs around it: arena, transports, doorbell, counters.
#pragma once

#include <poll.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "arena/counter_file.hpp"
#include "arena/doorbell.hpp"
#include "arena/idle.hpp"
#include "arena/job_dir.hpp"
#include "arena/life_watch.hpp"
#include "arena/sizes.hpp"
#include "base/job_key.hpp"
#include "base/peer_timeout.hpp"
#include "engine/dpu_way.hpp"
#include "engine/engine.hpp"
#include "instrument/trace.hpp"
#include "transport/control/machine_watch.hpp"
#include "transport/link.hpp"
#include "transport/network.hpp"
#include "transport/rings/ring_transport.hpp"
#include "wire/job_map.hpp"
#include "wire/routes.hpp"

namespace buddy::engine {

/// Builds an Engine in two steps, because addresses are exchanged in between, and owns what it
/// stands on. The same class serves a rank that embeds its engine and an engine process.
/// Threads: built by any thread, then the one that polls.
class EngineInstance {
 public:
  struct Options {
    std::shared_ptr<const wire::JobMap> map;
    AgentId self;
    JobKey key;
    bool embedded = false;
    int peer_timeout_s = default_peer_timeout_s;  ///< of a machine's silence
    DpuWay* way = nullptr;  ///< to and from the local ranks; nullptr: no emulated one
  };
  static Result<std::unique_ptr<EngineInstance>> create(Options options);

  transport::AgentAddress address() const;
  const std::string& directory() const noexcept { return directory_.path(); }
  const std::string& counters_path() const noexcept { return counter_file_.path(); }
  const arena::Sizes& sizes() const noexcept { return sizes_; }
  arena::Doorbell& doorbell() noexcept { return doorbell_; }
  const CounterTable& counters() const noexcept { return counter_file_.page().table; }
  CounterTable& counters() noexcept { return counter_file_.page().table; }
  /// Adds what has been slept since \p before.
  void count_sleeps(const arena::SleepCounts& before, const arena::SleepCounts& now) noexcept;
  /// Where the local ranks say what they do, in the order of JobMap::ranks_of.
  std::span<arena::RankSlot> slots() const noexcept { return counter_file_.slots(); }

  /// Where a local rank is, as far as its control connection tells.
  struct Distance {
    std::uint64_t round_trip_ns = 0;  ///< 0: unknown
    std::string host{};               ///< empty: this machine, or unknown
  };
  /// Makes this end of a local rank's link. \param index of the rank in JobMap::ranks_of
  /// \return its address, for the rank
  Result<transport::LinkAddress> admit(std::size_t index, RankId rank,
                                       const transport::LinkAddress& rank_end,
                                       const Distance& distance);
  /// Joins the neighbours and makes the engine. \param addresses of all of them at least
  /// \pre all local ranks were admitted. Errors: mismatch if one is missing; those of the wires
  Status connect(const transport::AgentAddresses& addresses);
  /// The same for an agent that is part of its only rank. \param link to it; must outlive the agent
  Status connect(const transport::AgentAddresses& addresses, transport::Channel& link);
  /// \pre connect() succeeded
  Engine& engine() noexcept { return *engine_; }
  /// ok, or which machine of other agents has vanished since the last call. Threads: as
  /// ended_peers().
  Status vanished_machine();
  /// The peer's process has ended without a goodbye.
  void peer_died(AgentId peer, const Status& reason);
  /// For an engine process: peers on this machine that have ended since the last call, in good
  /// order or not. Cost: a system call each. Threads: any, one at a time, also while another one
  /// polls.
  std::vector<AgentId> ended_peers();

  /// Everybody has opened what they need: removes all names from /dev/shm.
  void unlink() noexcept;

  /// ok, or why the job has failed, as ranks in shared memory read it. Threads: any.
  Status noted_failure() const { return counter_file_.failure().read(); }

  /// Prepares the network to end a sleep. \return false if there is work already
  bool arm() noexcept { return network_ == nullptr || network_->arm(); }
  /// Whether a frame of a local rank is on an emulated way, at whose end nobody rings.
  bool under_way() const noexcept;
  /// Descriptor to sleep on besides the doorbell, or -1.
  int event_fd() const noexcept { return network_ == nullptr ? -1 : network_->event_fd(); }

 private:
  EngineInstance(Options options, arena::JobDir directory, arena::Doorbell doorbell,
                 arena::CounterFile counters, arena::ShmFile state);
  Status make_transports();
  Status make_network();
  Status make_watch();
  Status watch_machines(const transport::AgentAddresses& addresses);
  Status connect(const transport::AgentAddresses& addresses,
                 const std::function<std::vector<transport::Channel*>()>& links);
  Status watch_peers(const transport::AgentAddresses& addresses);
  Status connect_network(const transport::AgentAddresses& addresses);
  const wire::JobMap& map() const noexcept { return *options_.map; }
  void describe();

  Options options_;
  wire::Routes routes_;
  std::vector<AgentId> neighbours_;
  arena::Sizes sizes_;
  arena::JobDir directory_;
  arena::Doorbell doorbell_;
  arena::CounterFile counter_file_;
  arena::ShmFile state_;
  std::unique_ptr<TraceWriter> trace_;  ///< nullptr: off
  std::unique_ptr<transport::RingTransport> rings_;
  std::unique_ptr<transport::NetworkTransport> network_;
  std::unique_ptr<transport::MachineWatch> machines_;          ///< nullptr if all agents are on one
  std::vector<std::unique_ptr<transport::EngineLink>> links_;  ///< by index; empty if embedded
  std::vector<std::unique_ptr<transport::DelayedChannel>> delayed_;  ///< the same, or empty
  std::unique_ptr<Engine> engine_;
  struct Watched {
    AgentId peer;
    arena::LifeWatch life;
  };
  std::vector<Watched>
      watched_;  ///< of other engine processes; embedded ones are the rank's to watch
};

}  // namespace buddy::engine
