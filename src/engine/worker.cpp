#include "engine/worker.hpp"

#include <sched.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <future>
#include <utility>

#include "base/clock.hpp"
#include "base/simulated_region.hpp"

namespace buddy::engine {
namespace {

constexpr int sleep_ms = 100;
constexpr std::uint64_t quiet_ns = 20'000;
constexpr std::uint64_t cpu_interval_ns = 1'000'000;
constexpr std::uint64_t goodbye_limit_ns = 2'000'000'000;

void pin_thread(int cpu) {
  if (cpu < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  ::sched_setaffinity(0, sizeof set, &set);  // the list was checked when the options were read
}

/// Peers must hear a goodbye before the agent goes, or they would take it for a death.
void take_leave(Engine& engine) {
  const std::uint64_t deadline = monotonic_ns() + goodbye_limit_ns;
  while (!engine.say_goodbye() && monotonic_ns() < deadline) {
    if (engine.poll() != 0) continue;
    engine.nudge();
    ::sched_yield();
  }
}

}  // namespace

Worker::Worker(int cpu)
    : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      idle_(arena::WaitPolicy::shared()),
      thread_([this, cpu] { run(cpu); }) {}

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

void Worker::add(Agent* agent, bool has_core) {
  post([this, agent, has_core] {
    agents_.push_back({agent, has_core});
    watch_agents();
  });
}

void Worker::remove(Agent* agent) {
  std::promise<void> done;
  post([this, agent, &done] {
    const auto is_it = [agent](const Entry& entry) { return entry.agent == agent; };
    const auto it = std::find_if(agents_.begin(), agents_.end(), is_it);
    if (it != agents_.end()) {
      take_leave(agent->engine());
      account_cpu(true);
      agents_.erase(it);
      watch_agents();
    }
    done.set_value();
  });
  done.get_future().wait();
}

void Worker::fail(Agent* agent, Status reason) {
  post([agent, reason = std::move(reason)] { agent->engine().fail(reason); });
}

void Worker::watch_agents() {
  std::vector<arena::Bell*> bells;
  std::vector<int> descriptors{wake_.get()};
  bool has_core = !agents_.empty();
  for (const Entry& entry : agents_) {
    bells.push_back(&entry.agent->bell());
    descriptors.push_back(entry.agent->event_fd());
    has_core = has_core && entry.has_core;
  }
  idle_.watch(std::move(bells), descriptors);
  arena::WaitPolicy policy =
      has_core ? arena::WaitPolicy::dedicated() : arena::WaitPolicy::shared();
  if (has_core) policy.quiet_ns = quiet_ns;
  idle_.set_policy(policy);
}

void Worker::account_cpu(bool now) noexcept {
  if (agents_.empty()) return;
  const std::uint64_t clock = monotonic_ns();
  if (!now && clock - cpu_looked_ns_ < cpu_interval_ns) return;
  cpu_looked_ns_ = clock;
  const std::uint64_t used = thread_cpu_ns();
  const std::uint64_t share = (used - cpu_counted_ns_) / agents_.size();
  cpu_counted_ns_ = used;
  const std::uint64_t spun = (idle_.spun_ns() - spin_counted_ns_) / agents_.size();
  spin_counted_ns_ = idle_.spun_ns();
  for (const Entry& entry : agents_) {
    entry.agent->counters().add(Counter::cpu_ns, share);
    entry.agent->counters().add(Counter::spin_ns, spun);
  }
}

void Worker::run(int cpu) {
  pin_thread(cpu);
  idle_.watch({}, {wake_.get()});
  const auto region = SimulatedRegion::create();
  std::uint32_t rounds = 0;
  while (!stop_.load(std::memory_order_relaxed)) {
    if (has_tasks_.load(std::memory_order_acquire)) {
      idle_.reset();
      run_tasks();
    }
    if (region) region->follow();
    std::uint32_t work = 0;
    for (const Entry& entry : agents_) work += entry.agent->engine().poll();
    if (++rounds % 64 == 0) account_cpu(false);
    if (work != 0) {
      idle_.reset();
      continue;
    }
    for (const Entry& entry : agents_) entry.agent->engine().nudge();
    const auto arm = [this]() {
      account_cpu(true);
      bool all = true;
      for (const Entry& entry : agents_) {
        all = entry.agent->arm() && all;
        entry.agent->counters().add(Counter::sleeps, 1);
      }
      return all;
    };
    idle_.rest(sleep_ms, arm);
  }
}

}  // namespace buddy::engine
