#include "engine/slow_core.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/clock.hpp"

namespace buddy::engine {
namespace {

/// Works for so long.
void work_for(std::uint64_t ns) {
  const std::uint64_t until = thread_cpu_ns() + ns;
  while (thread_cpu_ns() < until) {
  }
}

/// CPU time of units of work of \p unit_ns on a core that is slower.
double time_on(double slowdown, std::uint64_t unit_ns) {
  SlowCore core(slowdown);
  constexpr std::uint64_t total_ns = 20'000'000;
  const std::uint64_t before = thread_cpu_ns();
  for (std::uint64_t done = 0; done < total_ns; done += unit_ns) {
    core.begin();
    work_for(unit_ns);
    core.end();
  }
  return static_cast<double>(thread_cpu_ns() - before);
}

TEST(SlowCore, takes_so_many_times_as_long) {
  for (const std::uint64_t unit_ns :
       {std::uint64_t{8'000}, std::uint64_t{20'000}, std::uint64_t{200'000}}) {
    const double usual = time_on(1, unit_ns);
    for (const double slowdown : {1.5, 2.0, 4.0}) {
      const double ratio = time_on(slowdown, unit_ns) / usual;
      EXPECT_NEAR(ratio, slowdown, 0.1 * slowdown) << unit_ns << " ns";
    }
  }
}

/// The least of many rows, which nobody has interrupted.
double ns_each(const std::function<void()>& call) {
  constexpr int calls = 100;
  double least = 1e9;
  for (int row = 0; row < 200; ++row) {
    const std::uint64_t before = monotonic_ns();
    for (int i = 0; i < calls; ++i) call();
    least = std::min(least, static_cast<double>(monotonic_ns() - before) / calls);
  }
  return least;
}

// What waits for single messages is slowed down by the work for them, and not by looks at clocks.
TEST(SlowCore, looks_at_the_cheap_clock_where_there_is_little_work) {
  SlowCore core(1.5);
  const double look = ns_each([] { monotonic_ns(); });
  const double unit = ns_each([&] {
    core.begin();
    core.end();
  });
  EXPECT_LT(unit, 8 * look + 100);
}

TEST(SlowCore, one_is_the_usual_speed) { EXPECT_FALSE(SlowCore(1).slows()); }

}  // namespace
}  // namespace buddy::engine
