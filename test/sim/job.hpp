// A whole job in one thread: ranks, agents, links, network, and who dies when.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "engine/engine.hpp"
#include "sim/duplex.hpp"
#include "sim/oracle.hpp"
#include "sim/program.hpp"
#include "sim/rank.hpp"
#include "sim/scheduler.hpp"
#include "transport/sim/sim_transport.hpp"
#include "wire/job_map.hpp"
#include "wire/routes.hpp"

namespace buddy::sim {

/// Who is where.
struct Shape {
  bool embedded = true;  ///< host placement: one agent per rank
  bool network = true;   ///< between nodes; else rings everywhere
  wire::JobMap map;

  Shape routed(Routing routing) const;
  /// Host placement: agents 0 .. ranks-1 on so many nodes.
  static Shape host(std::uint32_t ranks, std::uint32_t nodes, bool network);
  /// Engine placement: every node has as many agents and ranks.
  static Shape engine(std::uint32_t nodes, std::uint32_t agents_each, std::uint32_t ranks_each,
                      bool network);
};

struct JobOptions {
  std::uint64_t seed = 1;
  Shape shape;
  Plan plan;
  std::size_t block_bytes = 256;     ///< of open blocks; the largest item must fit
  std::size_t ring_bytes = 1024;     ///< of all rings, a power of two, at least two frames
  std::size_t network_bytes = 1024;  ///< in flight between two agents
  std::uint64_t most_steps = 400'000;
  std::size_t largest_body_bytes = 0;  ///< if a lone item may be larger than a block
  std::uint64_t hold_ns = 0;           ///< for which engines hold blocks
  bool in_place = true;  ///< embedded engines spare copies, as they do outside of simulations
};

/// A real engine with the memory it needs.
class Agent {
 public:
  Agent(const wire::JobMap& map, AgentId self, engine::Resources around, const arena::Sizes& sizes);
  engine::Engine& engine() noexcept { return *engine_; }
  std::uint64_t count(Counter counter) const noexcept { return counters_.get(counter); }

 private:
  struct alignas(64) Line {
    std::byte bytes[64];  // NOLINT(modernize-avoid-c-arrays)
  };
  std::vector<Line> memory_;
  CounterTable counters_;
  std::unique_ptr<engine::Engine> engine_;
};

/// Steps an agent that has a process of its own.
class EngineActor final : public Actor {
 public:
  void attach(Agent& agent) { agent_ = &agent; }
  void step() override;
  bool done() const override { return gone_; }
  std::uint64_t wakes_at_ns() const noexcept override { return agent_->engine().hold_ends_ns(); }
  /// All its ranks have left: it may go when its peers know.
  void leave() {
    leaving_ = true;
    wake();
  }
  /// What its ranks see: non-zero while it waits for work.
  const std::atomic<std::uint32_t>& idle() const noexcept { return idle_; }

 private:
  Agent* agent_ = nullptr;
  std::atomic<std::uint32_t> idle_{0};
  bool leaving_ = false;
  bool gone_ = false;
};

class Job {
 public:
  explicit Job(const JobOptions& options);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Runs until nothing can happen any more. \param between called before every step
  void run(const std::function<void(std::uint64_t)>& between = {});

  /// What has gone wrong, or empty: messages lost, twice or out of order; a barrier left early;
  /// everybody asleep before the end; too many steps.
  std::string verdict() const;

  // ---- faults
  void kill_rank(std::uint32_t rank);
  /// Kills an engine process. \pre engine placement
  /// \return false if all its agents had left already
  bool kill_node(std::uint32_t node);
  /// For faults that no channel has seen.
  void wake_engine_of(std::uint32_t rank) { engines_[shape_.map.agent_of_rank[rank]]->wake(); }

  // ---- for checks
  Rank& rank(std::uint32_t number) { return *ranks_[number]; }
  Agent& agent(std::uint32_t number) { return *agents_[number]; }
  transport::SimNetwork& network() { return network_; }
  test::Random& random() { return scheduler_.random(); }
  Meeting& meeting() { return meeting_; }
  const Oracle& oracle() const { return oracle_; }
  std::uint64_t steps() const { return steps_; }
  std::uint32_t ranks() const { return shape_.map.ranks(); }
  std::uint32_t agents() const { return shape_.map.agents(); }
  bool is_dead(std::uint32_t rank) const { return dead_ranks_[rank]; }
  bool completed(std::uint32_t rank) const { return completed_[rank]; }
  const JobOptions& options() const { return options_; }
  Duplex& link(std::uint32_t rank) { return *links_[rank]; }

 private:
  void make_agents();
  void make_ranks();
  Duplex* rings_between(std::uint32_t a, std::uint32_t b);
  Actor& actor_of(std::uint32_t agent);
  void run_rank(Rank& rank, Program& program);
  void leave(Rank& rank);
  void rank_ended(std::uint32_t rank);
  void agent_died(std::uint32_t agent, const Status& reason);

  Shape shape_;
  wire::Routes routes_;
  JobOptions options_;
  arena::Sizes sizes_{};
  Oracle oracle_;
  Meeting meeting_;
  transport::SimNetwork network_;
  Scheduler scheduler_;
  std::vector<std::unique_ptr<Duplex>> links_;  ///< by rank; end 0 is the rank's
  std::vector<std::unique_ptr<Duplex>> rings_;  ///< by pair of agents, the lower has end 0
  std::vector<std::unique_ptr<EngineActor>> engines_;
  std::vector<std::unique_ptr<Agent>> agents_;
  std::vector<std::unique_ptr<Program>> programs_;
  std::vector<std::unique_ptr<Rank>> ranks_;
  std::vector<bool> dead_ranks_;
  std::vector<bool> completed_;
  std::vector<std::uint32_t> left_;  ///< ranks that have left, by agent
  std::uint64_t steps_ = 0;
};

}  // namespace buddy::sim
