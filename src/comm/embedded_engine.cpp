// Host placement: the rank steps its own engine.
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "arena/idle.hpp"
#include "arena/ring_channel.hpp"
#include "base/activity.hpp"
#include "base/clock.hpp"
#include "comm/home.hpp"
#include "engine/agent.hpp"

namespace buddy::comm {
namespace {

constexpr std::uint64_t goodbye_limit_ns = 2'000'000'000;
constexpr std::uint64_t failure_limit_ns = 500'000'000;

/// Watches processes of this machine by their pidfds.
class Neighbours {
 public:
  void add(AgentId agent, std::uint32_t rank, const RankInfo& info) {
    UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, info.pid, 0)));
    if (fd) watched_.push_back({agent, rank, info.host, info.pid, std::move(fd)});
  }
  std::vector<int> descriptors() const {
    std::vector<int> fds;
    for (const Watched& each : watched_) fds.push_back(each.fd.get());
    return fds;
  }
  /// Tells the engine of those that have ended.
  void look(engine::Agent& agent) {
    for (const Watched& each : watched_) {
      pollfd state{each.fd.get(), POLLIN, 0};
      if (::poll(&state, 1, 0) <= 0) continue;
      agent.peer_died(each.agent, {ErrorCode::peer_died,
                                   "rank " + std::to_string(each.rank) + " on " + each.host +
                                       " has ended (process " + std::to_string(each.pid) +
                                       " is gone) look at its output"});
    }
  }

 private:
  struct Watched {
    AgentId agent;
    std::uint32_t rank;
    std::string host;
    std::int32_t pid;
    UniqueFd fd;
  };
  std::vector<Watched> watched_;
};

/// Memory of the two rings between the rank and its own engine; never leaves this process.
class Loopback {
 public:
  explicit Loopback(const arena::Sizes& sizes)
      : each_(arena::ring_bytes(sizes.loopback_ring_bytes)),
        memory_(2 * each_ / sizeof(Line)),
        rank_({ring(0), ring(1)}, nullptr),
        engine_({ring(1), ring(0)}, nullptr) {}

  wire::Channel& rank_end() noexcept { return rank_; }
  wire::Channel& engine_end() noexcept { return engine_; }

 private:
  struct alignas(128) Line {
    std::byte bytes[128];  // NOLINT(modernize-avoid-c-arrays)
  };
  std::span<std::byte> ring(std::size_t index) {
    return std::as_writable_bytes(std::span(memory_)).subspan(index * each_, each_);
  }

  std::size_t each_;
  std::vector<Line> memory_;
  arena::RingChannel rank_;
  arena::RingChannel engine_;
};

class EmbeddedEngine final : public Home {
 public:
  EmbeddedEngine(std::unique_ptr<engine::Agent> agent, const Job& job, std::uint32_t rank)
      : agent_(std::move(agent)),
        loopback_(agent_->sizes()),
        idle_(job.ranks_have_cores ? arena::WaitPolicy::dedicated() : arena::WaitPolicy::shared()) {
    for (std::uint32_t r = 0; r < job.ranks.size(); ++r) {
      if (r == rank || job.ranks[r].machine != job.ranks[rank].machine) continue;
      neighbours_.add({job.map.agent_of_rank[r]}, r, job.ranks[r]);
    }
  }

  wire::Channel& channel() noexcept override { return loopback_.rank_end(); }
  std::uint32_t step() noexcept override {
    ActivityScope scope(Activity::engine);
    const std::uint32_t work = agent_->engine().poll();
    if (work == 0) scope.relabel(Activity::waiting);  // it has looked for work in vain
    return work;
  }
  void nudge() noexcept override { agent_->engine().nudge(); }
  bool handed_over() noexcept override { return agent_->engine().handed_over(); }
  void busy() noexcept override { idle_.reset(); }
  void rest() noexcept override {
    slept_ = idle_.rest(sleep_ms_, [this] { return agent_->arm(); });
  }
  Status health() override {
    if (slept_) neighbours_.look(*agent_);
    return agent_->engine().status();
  }

  fabric::AgentAddress address() const override { return agent_->address(); }
  Status connect(const std::vector<fabric::AgentAddress>& addresses, bool /*leads*/) override {
    std::vector<int> descriptors = neighbours_.descriptors();
    descriptors.push_back(agent_->event_fd());
    idle_.watch({&agent_->bell()}, descriptors);
    return agent_->connect(addresses, {&loopback_.engine_end()});
  }
  void settle(bool /*leads*/) override { agent_->unlink(); }
  void leave() override { part(goodbye_limit_ns); }
  void abandon(const Status& why, bool /*engine_knows*/) noexcept override {
    agent_->engine().fail(why);
    part(failure_limit_ns);
  }
  void sleep_at_most(int ms) override { sleep_ms_ = ms; }
  const CounterTable& counters() const override { return agent_->counters(); }
  const std::atomic<std::uint32_t>& idle_word() const override {
    static const std::atomic<std::uint32_t> never{0};
    return never;
  }

 private:
  /// Gives the peers time to take what they must know.
  void part(std::uint64_t limit_ns) {
    const std::uint64_t deadline = monotonic_ns() + limit_ns;
    while (!agent_->engine().say_goodbye() && monotonic_ns() < deadline) {
      if (agent_->engine().poll() != 0) continue;
      nudge();
      ::sched_yield();
    }
  }

  std::unique_ptr<engine::Agent> agent_;
  Loopback loopback_;
  Neighbours neighbours_;
  arena::Idle idle_;
  bool slept_ = false;
  int sleep_ms_ = longest_sleep_ms;
};

}  // namespace

Result<std::unique_ptr<Home>> make_embedded_engine(const Job& job, std::uint32_t rank) {
  engine::Agent::Options options;
  options.map = job.map;
  options.self = {job.map.agent_of_rank[rank]};
  options.key.words = job.ranks[0].key;
  options.embedded = true;
  auto agent = engine::Agent::create(std::move(options));
  if (!agent.ok()) return agent.status();
  return std::unique_ptr<Home>(
      std::make_unique<EmbeddedEngine>(std::move(agent.value()), job, rank));
}

}  // namespace buddy::comm
