#include "arena/idle.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "base/clock.hpp"
#include "base/processor.hpp"
#include "instrument/activity.hpp"

namespace buddy::arena {
namespace {

/// Asking the kernel whether the thread has lost its core costs less than a hundredth of that.
constexpr std::uint64_t inquiry_ns = 100'000;

}  // namespace

void Idle::watch(std::vector<Doorbell*> doorbells, const std::vector<int>& descriptors) {
  timed_out_ = false;
  wake();
  doorbells_ = std::move(doorbells);
  polled_.clear();
  for (const Doorbell* doorbell : doorbells_) polled_.push_back({doorbell->fd(), POLLIN, 0});
  for (const int fd : descriptors) polled_.push_back({fd, POLLIN, 0});
}

void Idle::wake() noexcept {
  if (timed_out_ && phase_ == Phase::slept) ++counts_.late;
  phase_ = Phase::busy;
  for (Doorbell* doorbell : doorbells_) doorbell->set_busy();
}

void Idle::sleep(int timeout_ms, std::uint64_t limit_ns) noexcept {
  const ActivityScope scope(Activity::asleep);
  phase_ = Phase::slept;
  constexpr std::uint64_t second_ns = 1'000'000'000;
  const std::uint64_t timeout_ns = std::uint64_t{1'000'000} * static_cast<unsigned>(timeout_ms);
  const std::uint64_t sleep_ns = std::min(timeout_ns, limit_ns);
  const timespec time{static_cast<time_t>(sleep_ns / second_ns),
                      static_cast<long>(sleep_ns % second_ns)};
  const int ready = ::ppoll(polled_.data(), polled_.size(), &time, nullptr);
  std::uint64_t rung_ns = 0;
  for (Doorbell* doorbell : doorbells_) rung_ns = std::max(rung_ns, doorbell->clear());
  timed_out_ =
      ready == 0 && rung_ns == 0 && timeout_ms == longest_sleep_ms && sleep_ns == timeout_ns;
  count_sleep(rung_ns);
}

void Idle::count_sleep(std::uint64_t rung_ns) noexcept {
  ++counts_.sleeps;
  const std::uint64_t now = rung_ns == 0 ? 0 : monotonic_ns();
  if (now <= rung_ns) return;  // not rung, or by a process with another clock
  ++counts_.wakeups;
  counts_.wake_ns += now - rung_ns;
  limit_.woken(now - rung_ns);
}

void Idle::tell_idle(std::uint64_t idle_ns) noexcept {
  const std::uint64_t quiet_ns = limit_.policy().quiet_ns;
  if (notified_idle_ || quiet_ns == 0 || idle_ns < quiet_ns) return;
  notified_idle_ = true;
  for (Doorbell* doorbell : doorbells_) doorbell->set_idle();
}

bool Idle::core_is_wanted(std::uint64_t now_ns) noexcept {
  if (now_ns < next_inquiry_ns_) return false;
  next_inquiry_ns_ = now_ns + inquiry_ns;
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return limit_.switched_out(now_ns, static_cast<std::uint64_t>(usage.ru_nivcsw));
}

/// \return whether to look once more
bool Idle::spin() noexcept {
  cpu_relax();
  const std::uint64_t now = monotonic_ns();
  const std::uint64_t idle_ns = now - since_ns_;
  // Up to here: the poll that finds work is not an idle one.
  spun_ns_ = spun_before_ns_ + idle_ns;
  tell_idle(idle_ns);
  if (idle_ns < spell_ns_ && !core_is_wanted(now)) return true;
  limit_.ended_without_work(idle_ns);
  return false;
}

bool Idle::ready_to_sleep() noexcept {
  switch (phase_) {
    case Phase::busy:
      phase_ = Phase::spinning;
      since_ns_ = monotonic_ns();
      spell_ns_ = limit_.begin(since_ns_);
      next_inquiry_ns_ = since_ns_ + inquiry_ns;
      spun_before_ns_ = spun_ns_;
      yields_ = 0;
      notified_idle_ = false;
      return false;
    case Phase::spinning:
      if (!spin()) phase_ = Phase::yielding;
      return false;
    case Phase::yielding: {
      if (yields_ >= limit_.yields()) return true;
      ++yields_;
      yielder_.yield();
      return false;
    }
    case Phase::armed: return true;
    case Phase::slept: return true;  // woken without work
  }
  return false;
}

}  // namespace buddy::arena
