#include "sim/job.hpp"

#include <algorithm>
#include <utility>

namespace buddy::sim {
namespace {

const std::atomic<std::uint32_t> never_idle{0};

transport::SimOptions network_options(const JobOptions& options) {
  transport::SimOptions made;
  made.seed = options.seed;
  made.wire.capacity_bytes = options.network_bytes;
  return made;
}

}  // namespace

// ---- shapes ---------------------------------------------------------------------------------

Shape Shape::routed(Routing routing) const {
  Shape shape = *this;
  shape.map.routing = routing;
  return shape;
}

Shape Shape::host(std::uint32_t ranks, std::uint32_t nodes, bool network) {
  Shape shape;
  shape.network = network;
  for (std::uint32_t r = 0; r < ranks; ++r) {
    shape.map.agent_of_rank.push_back(r);
    shape.map.node_of_agent.push_back(r * nodes / ranks);
  }
  return shape;
}

Shape Shape::engine(std::uint32_t nodes, std::uint32_t agents_each, std::uint32_t ranks_each,
                    bool network) {
  Shape shape;
  shape.embedded = false;
  shape.network = network;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    for (std::uint32_t a = 0; a < agents_each; ++a) shape.map.node_of_agent.push_back(node);
    for (std::uint32_t r = 0; r < ranks_each; ++r) {
      shape.map.agent_of_rank.push_back(node * agents_each + r % agents_each);
    }
  }
  return shape;
}

// ---- agents ---------------------------------------------------------------------------------

Agent::Agent(const wire::JobMap& map, AgentId self, engine::Resources around,
             const arena::Sizes& sizes) {
  const std::size_t hops = around.links.size() + around.peers.size();
  memory_.resize(engine::engine_arena_bytes(hops, sizes) / sizeof(Line) + 1);
  around.arena = std::as_writable_bytes(std::span(memory_));
  around.counters = &counters_;
  engine_ = std::make_unique<engine::Engine>(std::make_shared<const wire::JobMap>(map), self,
                                             std::move(around), sizes);
}

void EngineActor::step() {
  if (leaving_) {
    agent_->engine().drain_and_close();
    if (agent_->engine().closed()) {
      gone_ = true;
      return;
    }
  }
  if (agent_->engine().poll() != 0) {
    idle_.store(0, std::memory_order_relaxed);
    wake();
  } else {
    agent_->engine().flush_wakeups();
    rest();
    const auto state = asleep() ? arena::Wakefulness::sleeping : arena::Wakefulness::idle;
    idle_.store(static_cast<std::uint32_t>(state), std::memory_order_relaxed);
  }
}

// ---- building -------------------------------------------------------------------------------

Job::Job(const JobOptions& options)
    : shape_(options.shape),
      routes_(shape_.map),
      options_(options),
      oracle_(ranks()),
      meeting_(options_.plan, oracle_),
      network_(agents(), network_options(options)),
      scheduler_(options.seed, network_),
      dead_ranks_(ranks()),
      completed_(ranks()),
      left_(agents()) {
  options_.plan.ranks = ranks();
  sizes_.block_bytes = options.block_bytes;
  sizes_.largest_body_bytes = options.largest_body_bytes;
  sizes_.hold_ns = options.hold_ns;
  for (std::uint32_t r = 0; r < ranks(); ++r) {
    links_.push_back(std::make_unique<Duplex>(options.ring_bytes));
  }
  make_agents();
  make_ranks();
  for (std::uint32_t agent = 0; agent < agents(); ++agent) {
    if (!shape_.embedded) scheduler_.add(*engines_[agent], AgentId{agent});
  }
  for (std::uint32_t r = 0; r < ranks(); ++r) {
    const std::uint32_t agent = shape_.map.agent_of_rank[r];
    // A rank of an engine process hears nothing from the network.
    scheduler_.add(*ranks_[r], shape_.embedded ? std::optional(AgentId{agent}) : std::nullopt);
    links_[r]->connect(ranks_[r].get(), shape_.embedded ? nullptr : engines_[agent].get());
  }
  for (std::uint32_t a = 0; a < agents(); ++a) {
    for (std::uint32_t b = a + 1; b < agents(); ++b) {
      if (Duplex* rings = rings_between(a, b)) rings->connect(&actor_of(a), &actor_of(b));
    }
  }
}

Job::~Job() {
  // Ranks that still run to their end must not wake those that are gone.
  for (auto& link : links_) link->connect(nullptr, nullptr);
  for (auto& rings : rings_) {
    if (rings) rings->connect(nullptr, nullptr);
  }
  ranks_.clear();
}

Duplex* Job::rings_between(std::uint32_t a, std::uint32_t b) {
  return rings_[std::size_t{std::min(a, b)} * agents() + std::max(a, b)].get();
}

Actor& Job::actor_of(std::uint32_t agent) {
  if (!shape_.embedded) return *engines_[agent];
  return *ranks_[shape_.map.ranks_of({agent}).front().value];
}

void Job::make_agents() {
  rings_.resize(std::size_t{agents()} * agents());
  for (std::uint32_t a = 0; a < agents(); ++a) {
    engines_.push_back(std::make_unique<EngineActor>());
    for (const AgentId b : routes_.neighbours({a})) {
      const bool same_node = shape_.map.node_of_agent[a] == shape_.map.node_of_agent[b.value];
      if (b.value < a || (shape_.network && !same_node)) continue;
      rings_[std::size_t{a} * agents() + b.value] = std::make_unique<Duplex>(options_.ring_bytes);
    }
  }
  for (std::uint32_t self = 0; self < agents(); ++self) {
    engine::Resources around;
    around.transports.push_back(&network_.fabric({self}));
    around.clock_ns = [this] { return network_.now_ns(); };
    for (const RankId rank : shape_.map.ranks_of({self})) {
      around.links.push_back(&links_[rank.value]->end(1));
    }
    for (const AgentId peer : routes_.neighbours({self})) {
      transport::Channel* channel = network_.fabric({self}).channel({peer.value});
      if (Duplex* rings = rings_between(self, peer.value)) {
        channel = &rings->end(self < peer.value ? 0 : 1);
      }
      around.peers.push_back(channel);
    }
    agents_.push_back(
        std::make_unique<Agent>(shape_.map, AgentId{self}, std::move(around), sizes_));
    engines_[self]->attach(*agents_[self]);
  }
}

void Job::make_ranks() {
  for (std::uint32_t r = 0; r < ranks(); ++r) {
    const std::uint32_t agent = shape_.map.agent_of_rank[r];
    programs_.push_back(std::make_unique<Program>(options_.plan, r, meeting_, scheduler_.random()));
    Rank::Options made;
    made.number = r;
    made.link = &links_[r]->end(0);
    made.embedded = shape_.embedded ? &agents_[agent]->engine() : nullptr;
    made.in_place = shape_.embedded && options_.in_place;
    // Some engines have cores of their own and say when they are idle.
    made.idle = shape_.embedded || agent % 2 == 0 ? &never_idle : &engines_[agent]->idle();
    made.sizes = sizes_;
    made.random = &scheduler_.random();
    ranks_.push_back(std::make_unique<Rank>(
        made, *programs_[r], [this, r](Rank& rank) { run_rank(rank, *programs_[r]); }));
  }
}

// ---- running --------------------------------------------------------------------------------

void Job::run(const std::function<void(std::uint64_t)>& between) {
  steps_ = scheduler_.run(options_.most_steps, [&](std::uint64_t step) {
    if (between) between(step);
  });
}

void Job::run_rank(Rank& rank, Program& program) {
  const std::uint32_t number = rank.number();
  try {
    program.run(rank);
    leave(rank);
    completed_[number] = true;
  } catch (...) {
    // The process ends, and others notice.
    scheduler_.later([this, number] { rank_ended(number); });
    throw;
  }
}

void Job::leave(Rank& rank) {
  const std::uint32_t agent = shape_.map.agent_of_rank[rank.number()];
  if (!shape_.embedded) {
    if (++left_[agent] == shape_.map.ranks_of({agent}).size()) engines_[agent]->leave();
    return;
  }
  engine::Engine& engine = *rank.embedded();
  engine.drain_and_close();
  while (!engine.closed()) {
    rank.check();  // when the simulation is over, there may be nobody to wake
    if (engine.poll() == 0) {
      engine.flush_wakeups();
      rank.sleep();
    } else {
      rank.wake();
    }
    throw_if_error(engine.status());
  }
}

std::string Job::verdict() const {
  if (!oracle_.error().empty()) return oracle_.error();
  if (steps_ == options_.most_steps) return "too many steps: somebody is busy for ever";
  for (std::uint32_t r = 0; r < ranks(); ++r) {
    if (!dead_ranks_[r] && !ranks_[r]->done()) {
      return "rank " + std::to_string(r) + " sleeps for ever";
    }
  }
  return {};
}

// ---- faults ---------------------------------------------------------------------------------

void Job::rank_ended(std::uint32_t rank) {
  const std::uint32_t agent = shape_.map.agent_of_rank[rank];
  const Status reason(ErrorCode::peer_died, "rank " + std::to_string(rank) +
                                                " has ended (it was killed) look at the test");
  if (shape_.embedded) return agent_died(agent, reason);
  agents_[agent]->engine().fail(reason);
  engines_[agent]->wake();
}

void Job::agent_died(std::uint32_t agent, const Status& reason) {
  network_.kill({agent}, reason);
  for (std::uint32_t peer = 0; peer < agents(); ++peer) {
    Duplex* rings = peer == agent ? nullptr : rings_between(agent, peer);
    if (rings == nullptr) continue;
    scheduler_.later([this, rings, agent, peer, reason] {
      rings->break_end(peer < agent ? 0 : 1, reason);
      actor_of(peer).wake();
    });
  }
}

void Job::kill_rank(std::uint32_t rank) {
  dead_ranks_[rank] = true;
  scheduler_.kill(*ranks_[rank]);
  if (shape_.embedded) return rank_ended(rank);
  scheduler_.later([this, rank] { rank_ended(rank); });
}

bool Job::kill_node(std::uint32_t node) {
  bool any = false;
  const Status reason(ErrorCode::peer_died, "the engine of node " + std::to_string(node) +
                                                " has ended (it was killed) look at the test");
  for (std::uint32_t agent = 0; agent < agents(); ++agent) {
    if (shape_.map.node_of_agent[agent] != node) continue;
    any = any || !engines_[agent]->done();
    scheduler_.kill(*engines_[agent]);
    agent_died(agent, reason);
    for (const RankId r : shape_.map.ranks_of({agent})) {
      scheduler_.later([this, r, reason] { ranks_[r.value]->lose_engine(reason); });
    }
  }
  return any;
}

}  // namespace buddy::sim
