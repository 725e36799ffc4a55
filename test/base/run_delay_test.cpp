// Run delay: what the kernel's file says, and that a thread that shares its CPU has some.
#include "base/run_delay.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/affinity.hpp"
#include "base/clock.hpp"
#include "base/processor.hpp"

namespace buddy {
namespace {

TEST(RunDelay, is_the_second_figure) {
  EXPECT_EQ(parse_run_delay("95492 3320466 2"), 3320466U);
  for (const char* text : {"", "1 2", "1 two 3", "1 2 3 4"}) {
    EXPECT_FALSE(parse_run_delay(text).has_value()) << text;
  }
}

TEST(RunDelay, of_a_process_that_is_not_there_is_unknown) {
  EXPECT_FALSE(process_run_delay_ns(-1).has_value());
}

// Two threads that want one CPU for 50 ms each wait for each other.
TEST(RunDelay, grows_while_threads_share_a_cpu) {
  if (!thread_run_delay_ns()) return;  // the kernel does not count it
  const int cpu = allowed_cpus().front();
  const std::uint64_t before = process_run_delay_ns(getpid()).value();
  std::atomic<int> ready{0};
  std::atomic<int> done{0};
  const auto work = [&] {
    stay_on_cpu(cpu);
    for (++ready; ready < 2;) std::this_thread::yield();
    const std::uint64_t end = thread_cpu_ns() + 50'000'000;
    while (thread_cpu_ns() < end) cpu_relax();
    ++done;
    while (done < 2) std::this_thread::yield();
  };
  std::thread other(work);
  std::uint64_t own = 0;
  std::thread counted([&] {
    const std::uint64_t begin = thread_run_delay_ns().value();
    work();
    own = thread_run_delay_ns().value() - begin;
  });
  while (done < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  other.join();
  counted.join();
  EXPECT_GT(own, 10'000'000U);
  EXPECT_GE(process_run_delay_ns(getpid()).value(), before);
}

TEST(RunDelay, of_a_thread_that_sleeps_hardly_grows) {
  const std::uint64_t start = monotonic_ns();  // around both readings, which may be delayed, too
  const auto before = thread_run_delay_ns();
  if (!before) return;  // the kernel does not count it
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const std::uint64_t delay = thread_run_delay_ns().value() - before.value();
  EXPECT_LE(delay, monotonic_ns() - start - 199'000'000);
}

}  // namespace
}  // namespace buddy
