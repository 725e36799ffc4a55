// Who steps engines, and waits when they have nothing to do.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "arena/idle.hpp"
#include "base/now_and_then.hpp"
#include "engine/engine_instance.hpp"

namespace buddy::engine {

/// Steps agents and waits for what they wait for, by one idle strategy (arena::Idle): a worker's
/// thread owns one for all its agents, a rank one for the engine that it embeds, or one without
/// agents for the doorbell of its link. In a loop: step(); if that did something, busy(); else
/// flush_wakeups() and rest().
/// Source: Aeron's AgentRunner and IdleStrategy.
/// Threads: the owner's.
class Runner {
 public:
  explicit Runner(const arena::WaitPolicy& policy) : idle_(policy) {}

  /// What to step, and what else ends a sleep; all must outlive this or the next watch().
  /// \param arm called before a sleep; false if there is work after all
  void watch(std::vector<EngineInstance*> agents, const std::vector<int>& descriptors,
             std::vector<arena::Doorbell*> doorbells = {}, std::function<bool()> arm = {});
  /// Whether something is under way for which nobody will ring: then there is no sleep. Agents are
  /// asked anyway.
  void ask_for_arrivals(std::function<bool()> under_way) { under_way_ = std::move(under_way); }
  void set_policy(const arena::WaitPolicy& policy) noexcept { idle_.set_policy(policy); }
  /// From now on the agents' counters get the CPU time of this thread, which does nothing else.
  void account_cpu_time() noexcept { accounts_cpu_ = true; }
  /// How long rest() may sleep; arrivals end it sooner.
  void sleep_at_most(int ms) noexcept { sleep_ms_ = ms; }

  /// Every agent does a bounded amount of work. \return how much
  std::uint32_t step() noexcept;
  /// Wakes neighbours that have not been told of what was sent to them.
  void flush_wakeups() noexcept;
  /// Something moved: the next rest() starts with spinning again.
  void busy() noexcept { idle_.reset(); }
  /// Nothing moved: spin, or sleep until something may.
  void rest() noexcept;
  /// Whether it is time to look after the neighbours: now and then, and at once after a sleep,
  /// which a neighbour's end may have ended.
  bool health_is_due() noexcept {
    const bool slept = std::exchange(slept_, false);
    return look_.due() || slept;
  }
  const arena::SleepCounts& sleep_counts() const noexcept { return idle_.sleep_counts(); }
  /// Brings the agents' counters up to date.
  void account() noexcept;

 private:
  bool arm() noexcept;
  bool under_way() const noexcept;
  std::uint64_t until_a_hold_ends_ns() const noexcept;
  void account_sleeps() noexcept;

  std::vector<EngineInstance*> agents_;
  std::function<bool()> arm_others_;
  std::function<bool()> under_way_;
  arena::Idle idle_;
  NowAndThen look_{1'000'000 * std::uint64_t{arena::longest_sleep_ms}};
  int sleep_ms_ = arena::longest_sleep_ms;
  bool slept_ = false;
  arena::SleepCounts sleeps_counted_;
  bool accounts_cpu_ = false;
  std::uint32_t rounds_ = 0;
  std::uint64_t cpu_looked_ns_ = 0;
  std::uint64_t cpu_counted_ns_ = 0;
  std::uint64_t spin_counted_ns_ = 0;
};

}  // namespace buddy::engine
