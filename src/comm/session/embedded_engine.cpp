// Host placement: the rank steps its own engine.
#include <algorithm>
#include <optional>
#include <utility>

#include "comm/session/engine_connection.hpp"
#include "comm/session/neighbours.hpp"
#include "engine/embedded_link.hpp"
#include "engine/engine_instance.hpp"
#include "engine/runner.hpp"
#include "instrument/activity.hpp"
#include "transport/rings/ring_channel.hpp"

namespace buddy::comm {
namespace {

/// Memory of the two rings between the rank and its own engine; never leaves this process.
class Loopback {
 public:
  explicit Loopback(const arena::Sizes& sizes)
      : each_(arena::ring_bytes(sizes.loopback_ring_bytes)),
        memory_(2 * each_ / sizeof(Line)),
        rank_({ring(0), ring(1)}, nullptr),
        engine_({ring(1), ring(0)}, nullptr) {}

  transport::Channel& rank_end() noexcept { return rank_; }
  transport::Channel& engine_end() noexcept { return engine_; }

 private:
  struct alignas(128) Line {
    std::byte bytes[128];  // NOLINT(modernize-avoid-c-arrays)
  };
  std::span<std::byte> ring(std::size_t index) {
    return std::as_writable_bytes(std::span(memory_)).subspan(index * each_, each_);
  }

  std::size_t each_;
  std::vector<Line> memory_;
  transport::RingChannel rank_;
  transport::RingChannel engine_;
};

class EmbeddedEngine final : public EngineConnection {
 public:
  EmbeddedEngine(std::unique_ptr<engine::EngineInstance> agent, const Job& job, std::uint32_t rank)
      : job_(job),
        rank_(rank),
        agent_(std::move(agent)),
        loopback_(agent_->sizes()),
        runner_(job.ranks_have_cores ? arena::WaitPolicy::dedicated()
                                     : arena::WaitPolicy::shared()) {}

  transport::Channel& channel() noexcept override { return *link_; }
  std::uint32_t step() noexcept override {
    ActivityScope scope(Activity::engine);
    const std::uint32_t work = runner_.step();
    if (work == 0) scope.relabel(Activity::waiting);  // it has polled idly
    return work;
  }
  std::uint32_t step_while_sending() noexcept override {
    agent_->engine().allow_hold(true);
    const std::uint32_t work = step();
    agent_->engine().allow_hold(false);
    return work;
  }
  void flush_wakeups() noexcept override { runner_.flush_wakeups(); }
  bool needs_no_progress() noexcept override {
    return link_->drained() && agent_->engine().needs_no_progress();
  }
  void busy() noexcept override { runner_.busy(); }
  void rest() noexcept override { runner_.rest(); }
  Status health() override {
    if (runner_.health_is_due()) look_after_neighbours();
    return agent_->engine().status();
  }

  transport::AgentAddress address() const override { return agent_->address(); }
  Status connect(const transport::AgentAddresses& addresses, bool /*is_representative*/) override {
    const wire::Routes routes(job_.map);
    const AgentId self = job_.map.agent_of(RankId{rank_});
    // UCX has its own ways.
    const std::vector<RankId> speakers = job_.map.representatives();
    for (const AgentId agent : wire::ring_neighbours(job_.map, routes, self)) {
      Status added = neighbours_.add(agent, on_this_machine(speakers[agent.value]),
                                     addresses.of(agent).arena_path);
      if (!added.ok()) return added;
    }
    watch();
    if (Status status = agent_->connect(addresses, loopback_.engine_end()); !status.ok()) {
      return status;
    }
    link_.emplace(agent_->engine(), loopback_.rank_end());
    agent_->engine().allow_hold(false);
    return {};
  }
  void unlink_names(bool /*is_representative*/) override { agent_->unlink(); }
  void leave() override { agent_->engine().drain_and_close(); }
  void abort(const Status& why, bool /*engine_knows*/) noexcept override {
    agent_->engine().fail(why);
    agent_->engine().drain_and_close();
  }
  bool has_left() override { return agent_->engine().closed(); }
  void sleep_at_most(int ms) override { runner_.sleep_at_most(ms); }
  const CounterTable& counters() const override { return agent_->counters(); }
  arena::RankSlot& slot() override { return agent_->slots().front(); }
  const std::atomic<std::uint32_t>& idle_word() const override {
    static const std::atomic<std::uint32_t> never{0};
    return never;
  }

 private:
  /// \pre the job's ranks of this machine are known
  const RankInfo& on_this_machine(RankId rank) const {
    return *std::lower_bound(
        job_.machine.begin(), job_.machine.end(), rank.value,
        [](const RankInfo& each, std::uint32_t wanted) { return each.rank < wanted; });
  }
  void watch() { runner_.watch({agent_.get()}, neighbours_.descriptors()); }
  void look_after_neighbours() {
    const auto ended = neighbours_.look();
    for (const Neighbours::Ended& each : ended) agent_->peer_died(each.agent, each.reason);
    if (const Status gone = agent_->vanished_machine(); !gone.ok()) agent_->engine().fail(gone);
    if (!ended.empty()) watch();  // or sleeping would end at once for ever
  }

  const Job& job_;
  std::uint32_t rank_;
  std::unique_ptr<engine::EngineInstance> agent_;
  Loopback loopback_;
  std::optional<engine::EmbeddedLink> link_;
  Neighbours neighbours_;
  engine::Runner runner_;
};

}  // namespace

Result<std::unique_ptr<EngineConnection>> make_embedded_engine(const Settings& settings,
                                                               const Job& job, std::uint32_t rank) {
  engine::EngineInstance::Options options;
  options.map = {std::shared_ptr<void>(), &job.map};  // the job is there for longer
  options.self = {job.map.agent_of_rank[rank]};
  options.key = job.key;
  options.embedded = true;
  options.peer_timeout_s = settings.peer_timeout_s;
  auto agent = engine::EngineInstance::create(std::move(options));
  if (!agent.ok()) return agent.status();
  return std::unique_ptr<EngineConnection>(
      std::make_unique<EmbeddedEngine>(std::move(agent.value()), job, rank));
}

}  // namespace buddy::comm
