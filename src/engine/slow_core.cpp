#include "engine/slow_core.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/processor.hpp"

namespace buddy::engine {
namespace {

/// Units below this are timed by the clock that costs least: few of them are interrupted.
constexpr std::uint64_t short_ns = 20'000;
/// Less is no work: a poll that found nothing, or nobody to wake.
constexpr std::uint64_t idle_ns = 300;
/// No poll takes longer: what does has been interrupted.
constexpr std::uint64_t longest_ns = 1'000'000;
/// A preempted look may be far behind: what it missed is not paid back for longer than this.
constexpr std::int64_t most_surplus_ns = 100'000;

/// The least of some looks: what none of them has been disturbed by.
std::uint64_t cost_of(std::uint64_t (*clock)() noexcept) {
  constexpr int looks = 64;
  std::uint64_t least = ~std::uint64_t{0};
  std::uint64_t before = clock();
  for (int i = 0; i < looks; ++i) {
    const std::uint64_t now = clock();
    least = std::min(least, now - before);
    before = now;
  }
  return least;
}

std::uint64_t without(std::uint64_t passed, std::uint64_t look) {
  return passed - std::min(passed, look);
}

}  // namespace

SlowCore::SlowCore(double slowdown) : slowdown_(slowdown) {
  if (!slows()) return;
  look_ns_ = cost_of(monotonic_ns);
  cpu_look_ns_ = cost_of(thread_cpu_ns);
}

void SlowCore::begin() noexcept {
  if (!slows()) return;
  in_a_row_ = ended_;
  ended_ = false;
  if (!in_a_row_) {
    began_ns_ = monotonic_ns();
  } else if (!cpu_is_seen_) {
    cpu_seen_ns_ = thread_cpu_ns();
  }
}

void SlowCore::end() noexcept {
  if (!slows()) return;
  const std::uint64_t passed = in_a_row_ ? 0 : monotonic_ns() - began_ns_;
  if (in_a_row_ || passed >= short_ns) return end_by_cpu_time(passed);
  const std::uint64_t worked = without(passed, look_ns_);
  idle(began_ns_ + passed, worked, monotonic_ns);
  ended_ = worked >= idle_ns;
  cpu_is_seen_ = false;
}

/// \param passed of a unit that is not in a row, 0 of others
void SlowCore::end_by_cpu_time(std::uint64_t passed) noexcept {
  const std::uint64_t now = thread_cpu_ns();
  std::uint64_t worked = now - cpu_seen_ns_;  // of a first unit: with what was idle before it
  if (in_a_row_) {
    worked = without(worked, cpu_look_ns_);
  } else {
    worked = std::min({worked, passed, longest_ns});
  }
  cpu_seen_ns_ = idle(now, worked, thread_cpu_ns);
  cpu_is_seen_ = true;
  ended_ = worked >= idle_ns;
}

/// \return what the clock says afterwards
std::uint64_t SlowCore::idle(std::uint64_t now, std::uint64_t worked,
                             std::uint64_t (*clock)() noexcept) noexcept {
  const auto more = static_cast<std::int64_t>((slowdown_ - 1) * static_cast<double>(worked));
  const std::int64_t until = static_cast<std::int64_t>(now) + more - surplus_ns_;
  while (static_cast<std::int64_t>(now) < until) {
    cpu_relax();
    now = clock();
  }
  surplus_ns_ = std::min(static_cast<std::int64_t>(now) - until, most_surplus_ns);
  return now;
}

}  // namespace buddy::engine
