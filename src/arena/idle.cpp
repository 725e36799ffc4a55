#include "arena/idle.hpp"

#include <sched.h>

#include <utility>

#include "base/activity.hpp"
#include "base/clock.hpp"

namespace buddy::arena {

void Idle::watch(std::vector<Bell*> bells, const std::vector<int>& descriptors) {
  wake();
  bells_ = std::move(bells);
  polled_.clear();
  for (const Bell* bell : bells_) polled_.push_back({bell->fd(), POLLIN, 0});
  for (const int fd : descriptors) polled_.push_back({fd, POLLIN, 0});
}

void Idle::wake() noexcept {
  phase_ = Phase::busy;
  for (Bell* bell : bells_) bell->set_busy();
}

void Idle::sleep(int timeout_ms) noexcept {
  const ActivityScope scope(Activity::asleep);
  phase_ = Phase::slept;
  ::poll(polled_.data(), polled_.size(), timeout_ms);
  for (Bell* bell : bells_) bell->silence();
}

void Idle::tell_idle(std::uint64_t idle_ns) noexcept {
  if (told_idle_ || policy_.quiet_ns == 0 || idle_ns < policy_.quiet_ns) return;
  told_idle_ = true;
  for (Bell* bell : bells_) bell->set_idle();
}

bool Idle::ready_to_sleep() noexcept {
  switch (phase_) {
    case Phase::busy:
      phase_ = Phase::spinning;
      since_ns_ = monotonic_ns();
      spun_before_ns_ = spun_ns_;
      yields_ = 0;
      told_idle_ = false;
      return false;
    case Phase::spinning: {
      cpu_relax();
      const std::uint64_t idle_ns = monotonic_ns() - since_ns_;
      // Up to here: the look that finds work is no longer in vain.
      spun_ns_ = spun_before_ns_ + idle_ns;
      tell_idle(idle_ns);
      if (idle_ns < policy_.spin_ns) return false;
      phase_ = Phase::yielding;
      return false;
    }
    case Phase::yielding: {
      if (yields_ >= policy_.yields) return true;
      const ActivityScope scope(Activity::asleep);
      ++yields_;
      ::sched_yield();
      return false;
    }
    case Phase::armed: return true;
    case Phase::slept: return true;  // woken without work
  }
  return false;
}

}  // namespace buddy::arena
