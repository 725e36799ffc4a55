#include "arena/yielder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/affinity.hpp"
#include "base/clock.hpp"

namespace buddy::arena {
namespace {

constexpr std::uint64_t limit_ns = 60'000'000'000;

// Each yield would take a time slice.
TEST(Yielder, sleeps_where_somebody_computes) {
  const int cpu = allowed_cpus().front();
  std::atomic<bool> stop{false};
  std::atomic<bool> computes{false};
  std::thread busy([&] {
    EXPECT_TRUE(stay_on_cpu(cpu));
    computes.store(true);
    while (!stop.load()) {
    }
  });
  std::uint64_t naps = 0;
  std::thread waiter([&] {
    EXPECT_TRUE(stay_on_cpu(cpu));
    Yielder yielder;
    const std::uint64_t begun_ns = monotonic_ns();
    while (yielder.naps() == 0 && monotonic_ns() - begun_ns < limit_ns) {
      if (computes.load()) yielder.yield();
    }
    naps = yielder.naps();
  });
  waiter.join();
  stop.store(true);
  busy.join();
  EXPECT_GT(naps, 0u);
}

}  // namespace
}  // namespace buddy::arena
