#include "engine/runner.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace buddy::engine {
namespace {

constexpr std::uint64_t cpu_interval_ns = 1'000'000;
constexpr std::uint32_t rounds_between_clocks = 64;

}  // namespace

void Runner::watch(std::vector<EngineInstance*> agents, const std::vector<int>& descriptors,
                   std::vector<arena::Doorbell*> doorbells, std::function<bool()> arm) {
  agents_ = std::move(agents);
  arm_others_ = std::move(arm);
  std::vector<int> watched = descriptors;
  for (EngineInstance* agent : agents_) {
    doorbells.push_back(&agent->doorbell());
    watched.push_back(agent->event_fd());
  }
  idle_.watch(std::move(doorbells), watched);
}

std::uint32_t Runner::step() noexcept {
  std::uint32_t work = 0;
  for (EngineInstance* agent : agents_) work += agent->engine().poll();
  if (accounts_cpu_ && ++rounds_ % rounds_between_clocks == 0 &&
      monotonic_ns() - cpu_looked_ns_ >= cpu_interval_ns) {
    account();
  }
  return work;
}

void Runner::flush_wakeups() noexcept {
  for (EngineInstance* agent : agents_) agent->engine().flush_wakeups();
}

void Runner::rest() noexcept {
  const std::uint64_t limit_ns = under_way() ? 0 : until_a_hold_ends_ns();
  if (!idle_.rest(
          sleep_ms_, [this] { return arm(); }, limit_ns))
    return;
  slept_ = true;
  account_sleeps();
}

/// Asked before each step to sleep: the look between them may have found what is under way.
bool Runner::under_way() const noexcept {
  return (under_way_ && under_way_()) ||
         std::any_of(agents_.begin(), agents_.end(),
                     [](const EngineInstance* agent) { return agent->under_way(); });
}

/// Nobody rings when an agent has held a block for long enough.
std::uint64_t Runner::until_a_hold_ends_ns() const noexcept {
  std::uint64_t ends_ns = arena::Idle::no_limit;
  for (EngineInstance* agent : agents_) ends_ns = std::min(ends_ns, agent->engine().hold_ends_ns());
  if (ends_ns == arena::Idle::no_limit) return ends_ns;
  const std::uint64_t now = monotonic_ns();
  return ends_ns > now ? ends_ns - now : 0;
}

/// \return false if there is work after all
bool Runner::arm() noexcept {
  account();
  bool all = (!arm_others_ || arm_others_()) && !under_way();
  for (EngineInstance* agent : agents_) all = agent->arm() && all;
  return all;
}

void Runner::account_sleeps() noexcept {
  for (EngineInstance* agent : agents_) agent->count_sleeps(sleeps_counted_, idle_.sleep_counts());
  sleeps_counted_ = idle_.sleep_counts();
}

void Runner::account() noexcept {
  account_sleeps();  // whether one was late is known when work has been found
  if (!accounts_cpu_ || agents_.empty()) return;
  cpu_looked_ns_ = monotonic_ns();
  const std::uint64_t used = thread_cpu_ns();
  const std::uint64_t share = (used - cpu_counted_ns_) / agents_.size();
  cpu_counted_ns_ = used;
  const std::uint64_t spun = (idle_.spun_ns() - spin_counted_ns_) / agents_.size();
  spin_counted_ns_ = idle_.spun_ns();
  for (EngineInstance* agent : agents_) {
    agent->counters().add(Counter::cpu_ns, share);
    agent->counters().add(Counter::spin_ns, spun);
  }
}

}  // namespace buddy::engine
