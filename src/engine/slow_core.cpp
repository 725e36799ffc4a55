#include "engine/slow_core.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/processor.hpp"

namespace buddy::engine {
namespace {

/// The least of some looks: what none of them has been disturbed by.
std::uint64_t measure_look_ns() {
  constexpr int looks = 64;
  std::uint64_t least = ~std::uint64_t{0};
  std::uint64_t before = thread_cpu_ns();
  for (int i = 0; i < looks; ++i) {
    const std::uint64_t now = thread_cpu_ns();
    least = std::min(least, now - before);
    before = now;
  }
  return least;
}

}  // namespace

SlowCore::SlowCore(double slowdown)
    : slowdown_(slowdown), look_ns_(slowdown > 1 ? measure_look_ns() : 0) {}

void SlowCore::begin() noexcept {
  if (slows()) began_ns_ = thread_cpu_ns();
}

void SlowCore::end() noexcept {
  if (!slows()) return;
  std::uint64_t now = thread_cpu_ns();
  const std::uint64_t passed = now - began_ns_;
  const std::uint64_t worked = passed - std::min(passed, look_ns_);
  const auto takes = static_cast<std::int64_t>(slowdown_ * static_cast<double>(worked));
  const std::int64_t until = static_cast<std::int64_t>(began_ns_) + takes - surplus_ns_;
  while (static_cast<std::int64_t>(now) < until) {
    cpu_relax();
    now = thread_cpu_ns();
  }
  // A preempted look may be far behind: what it missed is not paid back for longer than this.
  constexpr std::int64_t most_surplus_ns = 100'000;
  surplus_ns_ = std::min(static_cast<std::int64_t>(now) - until, most_surplus_ns);
}

}  // namespace buddy::engine
