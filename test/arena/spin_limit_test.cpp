#include "arena/spin_limit.hpp"

#include <gtest/gtest.h>

#include "support/seeds.hpp"

namespace buddy::arena {
namespace {

constexpr std::uint64_t us = 1000;
constexpr std::uint64_t ms = 1'000'000;
constexpr std::uint64_t second = 1'000'000'000;

WaitPolicy fixed(std::uint64_t spin_ns) {
  WaitPolicy policy;
  policy.spin_ns = spin_ns;
  return policy;
}

TEST(SpinLimit, is_what_the_policy_says_if_nothing_is_measured) {
  SpinLimit limit(fixed(70 * us));
  limit.woken(150 * us);
  EXPECT_EQ(limit.begin(second), 70 * us);
  EXPECT_EQ(SpinLimit(WaitPolicy::shared()).begin(second), 0u);
  EXPECT_GT(SpinLimit(WaitPolicy::shared()).yields(), 0u);
}

// A rank that waits for its engine spins as long as being woken costs, and no longer.
TEST(SpinLimit, follows_what_a_wakeup_costs) {
  SpinLimit limit(WaitPolicy::offloaded());
  for (int i = 0; i < 50; ++i) limit.woken(150 * us);
  EXPECT_NEAR(static_cast<double>(limit.begin(second)), 150.0 * us, 5.0 * us);
  for (int i = 0; i < 50; ++i) limit.woken(40 * us);
  EXPECT_NEAR(static_cast<double>(limit.begin(2 * second)), 40.0 * us, 5.0 * us);
}

// A neighbour that was stopped between its clock and its write, or has another clock.
TEST(SpinLimit, absurd_measurements_do_little) {
  SpinLimit limit(WaitPolicy::offloaded());
  for (int i = 0; i < 50; ++i) limit.woken(3600 * second);
  EXPECT_LE(limit.begin(second), 200 * us);
  for (int i = 0; i < 50; ++i) limit.woken(0);
  EXPECT_GE(limit.begin(second), 30 * us);
}

TEST(SpinLimit, is_patient_on_a_core_of_its_own) {
  SpinLimit limit(WaitPolicy::dedicated());
  for (std::uint64_t now = second; now < 3 * second; now += ms) {
    EXPECT_EQ(limit.begin(now), 2 * ms) << "spells that end with work cost nothing";
  }
}

// The budget: whatever happens, idle polling stays a small part of all time.
TEST(SpinLimit, is_not_patient_without_success) {
  test::for_each_seed(200, [](std::uint64_t seed) {
    test::Random random(seed);
    SpinLimit limit(WaitPolicy::dedicated());
    std::uint64_t now = second;
    std::uint64_t beyond = 0;
    const std::uint64_t begin = now;
    while (now < begin + 5 * second) {
      const std::uint64_t may = limit.begin(now);
      EXPECT_GE(may, limit.wake_cost_ns());
      limit.ended_without_work(may);
      beyond += may - limit.wake_cost_ns();
      now += may + random.below(3 * ms);
      if (random.one_in(20)) limit.woken(random.below(300 * us));
    }
    EXPECT_LE(beyond, (now - begin) / 20 + 21 * ms);
    EXPECT_EQ(limit.begin(now + 2 * second), 2 * ms) << "quiet time is saved up";
  });
}

TEST(SpinLimit, gives_way_to_others_on_its_core) {
  SpinLimit limit(WaitPolicy::dedicated());
  std::uint64_t now = second;
  std::uint64_t times = 1000;
  EXPECT_FALSE(limit.switched_out(now, times));
  EXPECT_FALSE(limit.switched_out(now += 5 * ms, times += 2)) << "the kernel's own threads";
  EXPECT_EQ(limit.yields(), 0u);
  EXPECT_TRUE(limit.switched_out(now += 20 * ms, times += 6)) << "somebody who computes";
  EXPECT_EQ(limit.begin(now), 0u);
  EXPECT_GT(limit.yields(), 0u);
  EXPECT_EQ(limit.begin(now + second), 2 * ms) << "asks again after a while";
  EXPECT_FALSE(limit.switched_out(now + second, times));
}

}  // namespace
}  // namespace buddy::arena
