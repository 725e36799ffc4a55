#include "engine/worker.hpp"

#include <sched.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/clock.hpp"
#include "instrument/simulated_region.hpp"

namespace buddy::engine {
namespace {

constexpr std::uint64_t quiet_ns = 20'000;
/// Peers must hear a goodbye before the agent goes, or they would take it for a death.
constexpr std::uint64_t close_limit_ns = 2'000'000'000;

void pin_thread(const std::vector<int>& cpus) {
  if (cpus.empty()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(static_cast<unsigned>(cpu), &set);
  ::sched_setaffinity(0, sizeof set, &set);  // the list was checked when the options were read
}

}  // namespace

Worker::Worker(Core core, std::function<void()> on_removed)
    : on_removed_(std::move(on_removed)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      runner_(arena::WaitPolicy::shared()),
      thread_([this, core = std::move(core)] { run(core); }) {}

Worker::~Worker() {
  stop_.store(true);
  post([] {});
  thread_.join();
}

void Worker::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  has_tasks_.store(true, std::memory_order_release);  // pairs with the acquire in run()
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void Worker::run_tasks() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    has_tasks_.store(false, std::memory_order_relaxed);
    tasks.swap(tasks_);
  }
  std::uint64_t drain = 0;
  [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &drain, sizeof drain);
  for (const auto& task : tasks) task();
}

void Worker::add(EngineInstance* agent, bool has_core) {
  post([this, agent, has_core] {
    agents_.push_back({agent, has_core});
    watch_agents();
  });
}

void Worker::remove(EngineInstance* agent) {
  post([this, agent] { begin_closing(agent); });
}

std::vector<EngineInstance*> Worker::removed() {
  const std::lock_guard lock(mutex_);
  return std::exchange(removed_, {});
}

void Worker::begin_closing(EngineInstance* agent) {
  for (Entry& entry : agents_) {
    if (entry.agent != agent || entry.close_by_ns != 0) continue;
    agent->engine().drain_and_close();
    entry.close_by_ns = monotonic_ns() + close_limit_ns;
    ++closing_;
  }
}

void Worker::take_out_closed() {
  runner_.account();  // also to those that go
  const std::uint64_t now = monotonic_ns();
  std::vector<EngineInstance*> out;
  std::erase_if(agents_, [&](const Entry& entry) {
    if (entry.close_by_ns == 0) return false;
    const bool closed = entry.agent->engine().closed();
    if (!closed && now < entry.close_by_ns) return false;
    if (!closed && entry.agent->engine().status().ok()) {
      std::fprintf(stderr,
                   "buddy: an engine left before its peers had taken its goodbye (they did "
                   "not within 2 s) see whether they are stopped\n");
    }
    out.push_back(entry.agent);
    return true;
  });
  if (out.empty()) return;
  closing_ -= out.size();
  watch_agents();
  {
    const std::lock_guard lock(mutex_);
    removed_.insert(removed_.end(), out.begin(), out.end());
  }
  on_removed_();
}

void Worker::fail(EngineInstance* agent, Status reason) {
  post([agent, reason = std::move(reason)] { agent->engine().fail(reason); });
}

void Worker::peer_died(EngineInstance* agent, AgentId peer, Status reason) {
  post([agent, peer, reason = std::move(reason)] { agent->peer_died(peer, reason); });
}

void Worker::watch_agents() {
  std::vector<EngineInstance*> agents;
  bool has_core = !agents_.empty();
  for (const Entry& entry : agents_) {
    agents.push_back(entry.agent);
    has_core = has_core && entry.has_core;
  }
  runner_.watch(std::move(agents), {wake_.get()});
  arena::WaitPolicy policy =
      has_core ? arena::WaitPolicy::dedicated() : arena::WaitPolicy::shared();
  if (has_core) policy.quiet_ns = quiet_ns;
  runner_.set_policy(policy);
}

std::uint32_t Worker::step(SlowCore& core) noexcept {
  core.begin();
  const std::uint32_t work = runner_.step();
  if (work != 0) core.end();
  return work;
}

void Worker::run(const Core& core) {
  pin_thread(core.cpus);
  SlowCore slow_core(core.slowdown);
  runner_.account_cpu_time();
  watch_agents();
  const auto region = SimulatedRegion::create();
  for (;;) {
    // What was asked for before the stop is still done; pairs with the store in ~Worker().
    const bool stop = stop_.load(std::memory_order_acquire);
    if (has_tasks_.load(std::memory_order_acquire)) {
      runner_.busy();
      run_tasks();
    }
    if (stop && closing_ == 0) break;
    if (region) region->follow();
    const std::uint32_t work = step(slow_core);
    if (closing_ != 0) [[unlikely]]
      take_out_closed();
    if (work != 0) {
      runner_.busy();
      continue;
    }
    slow_core.begin();
    runner_.flush_wakeups();
    slow_core.end();
    if (closing_ != 0) {
      yielder_.yield();  // nobody rings when a goodbye has been taken
    } else {
      runner_.rest();
    }
  }
}

}  // namespace buddy::engine
