#include "tools/scale/scale_job.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "arena/sizes.hpp"
#include "tools/scale/scale_actors.hpp"
#include "transport/network.hpp"

namespace buddy::tools {
namespace {

constexpr std::uint32_t steps_between_ticks = 4096;

transport::SimOptions network_of(const ScaleCase& job, const wire::JobMap& map,
                                 const arena::Sizes& sizes, std::size_t channels) {
  const ScaleModel& model = job.model;
  transport::SimOptions options;
  options.seed = job.seed;
  options.node_of_agent = map.node_of_agent;
  options.wire.capacity_bytes = transport::network_peer_bytes(sizes, channels) / 2;
  options.wire.min_delay_ns = options.wire.max_delay_ns = model.latency_ns;
  options.wire.frame_ns = model.packet_ns;
  options.wire.byte_ns = model.byte_ns;
  options.wire.port_byte_ns = 1 / model.gbytes_per_s;
  options.near.capacity_bytes = sizes.fabric_ring_bytes;
  options.near.min_delay_ns = options.near.max_delay_ns = model.near_latency_ns;
  options.near.frame_ns = model.near_packet_ns;
  options.near.byte_ns = model.near_byte_ns;
  return options;
}

/// What an agent had done when its ranks had passed a barrier.
struct Milestone {
  std::uint64_t at_ns = 0;
  std::uint64_t waves = 0;
  std::uint64_t control_frames = 0;
  bool reached = false;
};

class ScaleJob {
 public:
  explicit ScaleJob(const ScaleCase& job)
      : job_(job),
        map_(std::make_shared<const wire::JobMap>(job.map())),
        routes_(*map_),
        sizes_(arena::sizes_for(routes_, map_->knobs)),
        network_(map_->agents(), network_of(job, *map_, sizes_, routes_.most_neighbours())),
        clock_(network_),
        around_{job_, map_, routes_, sizes_, network_},
        deliveries_(map_->ranks()),
        scratch_(arena::open_block_bytes(sizes_)),
        first_(map_->agents()),
        second_(map_->agents()) {}

  Status make_agents();
  Status run(const std::stop_token& stop, const std::function<void(double)>& tick);
  ScaleResult result() const;

 private:
  void look(std::uint32_t agent);
  PerAgent over(const std::function<double(const ScaleAgent&)>& figure) const;
  double seconds_of(std::uint64_t ns) const { return 1e-9 * static_cast<double>(ns); }
  void add_memory(ScaleResult& result) const;
  void add_traffic(ScaleResult& result) const;
  void add_barriers(ScaleResult& result) const;

  const ScaleCase& job_;
  std::shared_ptr<const wire::JobMap> map_;
  wire::Routes routes_;
  arena::Sizes sizes_;
  transport::SimNetwork network_;
  ScaleClock clock_;
  ScaleSurroundings around_;
  Deliveries deliveries_;
  std::vector<std::byte> scratch_;
  std::vector<std::unique_ptr<ScaleAgent>> agents_;
  std::vector<Milestone> first_;   ///< by agent: when its ranks had passed the first barrier
  std::vector<Milestone> second_;  ///< ... and the second
  std::uint32_t done_ = 0;         ///< agents that have
  Status status_;
};

Status ScaleJob::make_agents() {
  const ScaleRanks ranks{deliveries_, scratch_};
  std::vector<SeparateAgent*> separate;
  for (std::uint32_t agent = 0; agent < map_->agents(); ++agent) {
    if (job_.ranks_per_agent == 1) {
      auto made = make_embedded(around_, ranks, clock_, {agent});
      if (!made.ok()) return made.status();
      agents_.push_back(std::move(made.value()));
    } else {
      auto made = make_separate(around_, ranks, clock_, {agent});
      if (!made.ok()) return made.status();
      separate.push_back(made.value().get());
      agents_.push_back(std::move(made.value()));
    }
  }
  for (SeparateAgent* agent : separate) agent->start_ranks(clock_);
  return {};
}

/// Notes where an agent stands.
void ScaleJob::look(std::uint32_t agent) {
  ScaleEngine& engine = agents_[agent]->engine();
  std::uint64_t barriers = 2;
  for (const ScaleRank* rank : agents_[agent]->ranks()) {
    barriers = std::min(barriers, rank->barriers());
    if (status_.ok()) status_ = rank->status();
  }
  if (status_.ok()) status_ = engine.engine().status();
  const Milestone now{network_.now_ns(), engine.count(Counter::waves),
                      engine.fabric().traffic().control_frames, true};
  if (barriers >= 1 && !first_[agent].reached) first_[agent] = now;
  if (barriers >= 2 && !second_[agent].reached) {
    second_[agent] = now;
    ++done_;
  }
}

Status ScaleJob::run(const std::stop_token& stop, const std::function<void(double)>& tick) {
  const std::uint32_t agents = map_->agents();
  const double all =
      std::max(1.0, static_cast<double>(map_->ranks()) * static_cast<double>(job_.messages));
  std::uint32_t steps = 0;
  bool stopped = false;
  clock_.run([&](std::uint32_t actor) {
    look(actor < agents ? actor : map_->agent_of_rank[actor - agents]);
    if (++steps % steps_between_ticks == 0) {
      tick(static_cast<double>(deliveries_.messages()) / all);
      stopped = stop.stop_requested();
    }
    return stopped || done_ == agents || !status_.ok();
  });
  if (!status_.ok()) return status_;
  if (stopped)
    return {ErrorCode::system, "the simulation was stopped (by a signal) start it again"};
  if (done_ == agents) return {};
  return {ErrorCode::corrupt,
          "a simulated job stands still (nobody has anything to do before the last barrier) report "
          "it with its options"};
}

// ---- what came out --------------------------------------------------------------------------

PerAgent ScaleJob::over(const std::function<double(const ScaleAgent&)>& figure) const {
  PerAgent all;
  for (const auto& agent : agents_) {
    const double one = figure(*agent);
    all.mean += one / static_cast<double>(agents_.size());
    all.most = std::max(all.most, one);
  }
  return all;
}

void ScaleJob::add_memory(ScaleResult& result) const {
  const auto number = [](std::size_t value) { return static_cast<double>(value); };
  result.memory = engine_memory(job_);
  result.channels =
      over([&](const ScaleAgent& agent) { return number(agent.engine().channels()); });
  result.arena_bytes =
      over([&](const ScaleAgent& agent) { return number(agent.engine().arena().bytes().size()); });
  result.resident_bytes = over([&](const ScaleAgent& agent) {
    return number(agent.engine().arena().resident_bytes() + agent.resident_link_bytes());
  });
  result.in_flight_bytes = over([&](const ScaleAgent& agent) {
    return number(agent.engine().fabric().traffic().most_in_flight_bytes);
  });
}

void ScaleJob::add_traffic(ScaleResult& result) const {
  const auto counted = [&](Counter counter) {
    return over([counter](const ScaleAgent& agent) {
      return static_cast<double>(agent.engine().count(counter));
    });
  };
  const auto sent = [&](std::uint64_t transport::SimTraffic::*what) {
    return over([what](const ScaleAgent& agent) {
      return static_cast<double>(agent.engine().fabric().traffic().*what);
    });
  };
  result.packets = sent(&transport::SimTraffic::packets);
  const double packets = std::max(1e-9, result.packets.mean);
  result.bytes_per_packet = sent(&transport::SimTraffic::bytes).mean / packets;
  result.messages_per_packet = sent(&transport::SimTraffic::messages).mean / packets;
  result.forwarded = counted(Counter::records_forwarded);
  result.along = counted(Counter::records_along).mean;
  result.across = counted(Counter::records_across).mean;
}

void ScaleJob::add_barriers(ScaleResult& result) const {
  std::uint64_t first_ns = 0;
  std::uint64_t second_ns = 0;
  std::uint64_t frames = 0;
  for (std::size_t agent = 0; agent < agents_.size(); ++agent) {
    first_ns = std::max(first_ns, first_[agent].at_ns);
    second_ns = std::max(second_ns, second_[agent].at_ns);
    frames += second_[agent].control_frames - first_[agent].control_frames;
  }
  result.seconds = seconds_of(first_ns);
  result.barrier_seconds = seconds_of(second_ns - first_ns);
  result.waves = static_cast<double>(first_[0].waves);
  result.barrier_waves = static_cast<double>(second_[0].waves - first_[0].waves);
  result.barrier_frames = static_cast<double>(frames) / static_cast<double>(agents_.size());
}

ScaleResult ScaleJob::result() const {
  ScaleResult result;
  result.job = job_;
  result.routing = map_->routing;
  result.verified = deliveries_.complete();
  add_memory(result);
  add_traffic(result);
  add_barriers(result);
  return result;
}

}  // namespace

Result<ScaleResult> simulate(const ScaleCase& job, const std::stop_token& stop,
                             const std::function<void(double)>& tick) {
  const auto start = std::chrono::steady_clock::now();
  ScaleJob simulated(job);
  Status status = simulated.make_agents();
  if (status.ok()) status = simulated.run(stop, tick);
  if (!status.ok()) return status;
  ScaleResult result = simulated.result();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  result.run_seconds = took.count();
  return result;
}

}  // namespace buddy::tools
