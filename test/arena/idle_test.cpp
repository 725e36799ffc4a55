#include "arena/idle.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include <thread>

#include "base/clock.hpp"
#include "support/scratch.hpp"

namespace buddy::arena {
namespace {

constexpr int patience_ms = 20'000;

/// Whether others wanted this thread's core since this was made, as SpinLimit sees it: a spell of
/// polling rightly ends before its time then. On a quiet machine never.
class Disturbance {
 public:
  bool happened() const { return switches() - before_ > 4; }

 private:
  static long switches() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
  }
  long before_ = switches();
};

struct Sleeper {
  explicit Sleeper(const WaitPolicy& policy)
      : doorbell(std::move(Doorbell::create(scratch / "doorbell").value())),
        doorbell_sender(std::move(DoorbellSender::open(scratch / "doorbell").value())),
        idle(policy) {
    idle.watch({&doorbell}, {});
  }
  Wakefulness state() const { return static_cast<Wakefulness>(doorbell.word().load()); }
  /// Rests until it is about to sleep.
  int rest_until_armed() {
    int calls = 0;
    bool armed = false;
    while (!armed) {
      ++calls;
      EXPECT_FALSE(idle.rest(patience_ms, [&] {
        armed = true;
        return true;
      }));
    }
    return calls;
  }

  test::Scratch scratch;
  Doorbell doorbell;
  DoorbellSender doorbell_sender;
  Idle idle;
};

// Between declaring itself asleep and sleeping, it lets its caller look once more.
TEST(Idle, arms_before_it_sleeps) {
  Sleeper sleeper(WaitPolicy{0, 0, 0});
  sleeper.rest_until_armed();
  EXPECT_EQ(sleeper.state(), Wakefulness::sleeping);
  const std::uint64_t before = monotonic_ns();
  EXPECT_TRUE(sleeper.idle.rest(20, [] { return true; }));
  EXPECT_GE(monotonic_ns() - before, 15'000'000u);
  EXPECT_EQ(sleeper.state(), Wakefulness::busy);
}

// Who has something to do at a certain time sleeps no longer, and was not woken late.
TEST(Idle, a_sleep_ends_at_its_limit) {
  Sleeper sleeper(WaitPolicy{0, 0, 0});
  sleeper.rest_until_armed();
  const std::uint64_t before = monotonic_ns();
  EXPECT_TRUE(sleeper.idle.rest(
      longest_sleep_ms, [] { return true; }, 300'000));
  const std::uint64_t slept_ns = monotonic_ns() - before;
  EXPECT_GE(slept_ns, 300'000u);
  EXPECT_LT(slept_ns, 50'000'000u);
  sleeper.idle.reset();
  EXPECT_EQ(sleeper.idle.sleep_counts().late, 0u);
}

TEST(Idle, work_found_at_the_last_moment_keeps_it_awake) {
  Sleeper sleeper(WaitPolicy{0, 0, 0});
  bool asked = false;
  while (!asked) {
    sleeper.idle.rest(patience_ms, [&] {
      asked = true;
      return false;
    });
  }
  EXPECT_EQ(sleeper.state(), Wakefulness::busy);
  sleeper.rest_until_armed();
  sleeper.idle.reset();
  EXPECT_EQ(sleeper.state(), Wakefulness::busy);
}

TEST(Idle, spins_and_yields_as_told) {
  Sleeper sleeper(WaitPolicy{2'000'000, 5, 0});
  const Disturbance disturbance;
  const std::uint64_t before = monotonic_ns();
  EXPECT_GT(sleeper.rest_until_armed(), 7);
  const std::uint64_t taken = monotonic_ns() - before;
  EXPECT_TRUE(taken >= 2'000'000u || disturbance.happened()) << taken << " ns";
}

TEST(Idle, knows_how_long_it_polled_idly) {
  Sleeper sleeper(WaitPolicy{2'000'000, 3, 0});
  EXPECT_EQ(sleeper.idle.spun_ns(), 0u);
  const Disturbance disturbance;
  const std::uint64_t before = monotonic_ns();
  sleeper.rest_until_armed();
  const std::uint64_t spun = sleeper.idle.spun_ns();
  EXPECT_TRUE(spun >= 2'000'000u || disturbance.happened()) << spun << " ns";
  EXPECT_LE(spun, monotonic_ns() - before);
  sleeper.idle.reset();
  EXPECT_EQ(sleeper.idle.spun_ns(), spun) << "the look that finds work is no idle one";
  sleeper.idle.rest(patience_ms, [] { return true; });
  sleeper.idle.rest(patience_ms, [] { return true; });
  EXPECT_GT(sleeper.idle.spun_ns(), spun);
}

TEST(Idle, says_that_it_is_idle_after_a_quiet_time) {
  Sleeper sleeper(WaitPolicy{1'000'000'000, 0, 1'000'000});
  const Disturbance disturbance;
  const std::uint64_t before = monotonic_ns();
  while (sleeper.state() == Wakefulness::busy) sleeper.idle.rest(patience_ms, [] { return true; });
  const std::uint64_t taken = monotonic_ns() - before;
  if (!disturbance.happened()) {
    EXPECT_EQ(sleeper.state(), Wakefulness::idle);
    EXPECT_GE(taken, 1'000'000u);
  }
  sleeper.idle.reset();
  EXPECT_EQ(sleeper.state(), Wakefulness::busy);

  Sleeper silent(WaitPolicy{1'000'000, 0, 0});
  for (int i = 0; i < 1000; ++i) {
    silent.idle.rest(patience_ms, [] { return false; });
    ASSERT_EQ(silent.state(), Wakefulness::busy);
  }
}

TEST(Idle, doorbells_and_descriptors_end_its_sleep) {
  Sleeper sleeper(WaitPolicy{0, 0, 0});
  const UniqueFd event(::eventfd(0, EFD_CLOEXEC));
  sleeper.idle.watch({&sleeper.doorbell}, {event.get(), -1});
  for (const bool by_doorbell : {true, false}) {
    sleeper.idle.reset();
    sleeper.rest_until_armed();
    std::thread neighbour([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (by_doorbell) {
        sleeper.doorbell_sender.ring_if_sleeping();
      } else {
        const std::uint64_t one = 1;
        EXPECT_EQ(::write(event.get(), &one, sizeof one), 8);
      }
    });
    const std::uint64_t before = monotonic_ns();
    EXPECT_TRUE(sleeper.idle.rest(patience_ms, [] { return true; }));
    EXPECT_LT(monotonic_ns() - before, std::uint64_t{patience_ms} * 1'000'000);
    neighbour.join();
  }
}

// Work that is there when the time limit ends a sleep should have been rung for. A ring, a
// descriptor, a shorter sleep or a look that finds nothing is no such case.
TEST(Idle, counts_work_that_nobody_rang_for) {
  Sleeper sleeper(WaitPolicy{0, 0, 0});
  const auto sleep_once = [&](int timeout_ms) {
    sleeper.rest_until_armed();
    EXPECT_TRUE(sleeper.idle.rest(timeout_ms, [] { return true; }));
  };
  sleep_once(longest_sleep_ms);
  EXPECT_EQ(sleeper.idle.sleep_counts().late, 0u);
  sleeper.idle.reset();
  EXPECT_EQ(sleeper.idle.sleep_counts().late, 1u);
  sleeper.idle.reset();
  EXPECT_EQ(sleeper.idle.sleep_counts().late, 1u) << "it is counted once";

  sleep_once(1);
  sleeper.idle.reset();
  sleep_once(longest_sleep_ms);
  sleep_once(1);
  sleeper.idle.reset();
  sleeper.rest_until_armed();
  sleeper.doorbell_sender.ring_if_sleeping();
  EXPECT_TRUE(sleeper.idle.rest(longest_sleep_ms, [] { return true; }));
  sleeper.idle.reset();
  EXPECT_EQ(sleeper.idle.sleep_counts().late, 1u);
}

// An idle engine must not take its core: 50 sleeps of 10 ms take next to no CPU time.
TEST(Idle, sleeping_costs_nothing) {
  Sleeper sleeper(WaitPolicy::shared());
  const std::uint64_t wall = monotonic_ns();
  const std::uint64_t cpu = thread_cpu_ns();
  int sleeps = 0;
  while (sleeps < 50) sleeps += sleeper.idle.rest(10, [] { return true; }) ? 1 : 0;
  const auto wall_ns = static_cast<double>(monotonic_ns() - wall);
  const auto cpu_ns = static_cast<double>(thread_cpu_ns() - cpu);
  EXPECT_LT(cpu_ns, 0.02 * wall_ns) << cpu_ns << " of " << wall_ns << " ns";
}

}  // namespace
}  // namespace buddy::arena
