// Whole jobs without faults: every message once and in order, barriers neither early nor stuck,
// memory bounded.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "sim/random_job.hpp"

namespace buddy::sim {
namespace {

void expect_success(Job& job, const JobOptions& options) {
  job.run();
  ASSERT_EQ(job.verdict(), "");
  for (std::uint32_t r = 0; r < job.ranks(); ++r) {
    ASSERT_FALSE(job.rank(r).error()) << "rank " << r << ": " << job.rank(r).error()->what();
    ASSERT_TRUE(job.completed(r));
  }
  ASSERT_TRUE(job.oracle().all_run());
  for (std::uint32_t a = 0; a < job.agents(); ++a) {
    ASSERT_EQ(job.agent(a).count(Counter::rejected_frames), 0u);
    ASSERT_EQ(job.agent(a).count(Counter::barriers), options.plan.phases);
  }
}

TEST(SimJob, random_programs_with_small_messages) {
  test::for_each_seed(6000, [](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options;
    options.seed = seed;
    options.shape = random_shape(random);
    make_small(options, random);
    Job job(options);
    expect_success(job, options);
  });
}

TEST(SimJob, random_programs_with_large_messages) {
  test::for_each_seed(2000, [](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options;
    options.seed = seed;
    options.shape = random_shape(random);
    make_large(options, random);
    Job job(options);
    expect_success(job, options);
  });
}

TEST(SimJob, programs_that_catch_what_handlers_throw) {
  test::for_each_seed(2000, [](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options = random_job(seed, random);
    options.plan.throw_odds = 2 + random.below(50);
    Job job(options);
    expect_success(job, options);
  });
}

// What a rank sends outside of handlers never takes more memory than its rings and two blocks: the
// open one, and one that waits for room.
TEST(SimJob, only_handlers_spill) {
  test::for_each_seed(1000, [](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options = random_job(seed, random);
    options.plan.depth = 0;
    options.plan.questions = false;
    Job job(options);
    expect_success(job, options);
    for (std::uint32_t r = 0; r < job.ranks(); ++r) {
      const Stats stats = job.rank(r).endpoint().stats();
      ASSERT_EQ(stats.overflow_blocks, 0u);
      ASSERT_LE(stats.overflow_peak_bytes,
                std::max(options.block_bytes, options.largest_body_bytes));
    }
  });
}

// Blocks that are held are sent when their time has passed, whatever else happens.
TEST(SimJob, random_programs_whose_blocks_are_held) {
  test::for_each_seed(4000, [](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options = random_job(seed, random);
    options.hold_ns = 1'000 + random.below(400'000);
    Job job(options);
    expect_success(job, options);
  });
}

// A barrier never waits for that time: where ranks wait for nothing but barriers, it does not pass.
TEST(SimJob, barriers_end_a_hold) {
  test::for_each_seed(2000, [](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options = random_job(seed, random);
    options.plan.questions = false;
    constexpr std::uint64_t hour_ns = 3'600'000'000'000;
    options.hold_ns = hour_ns;
    Job job(options);
    expect_success(job, options);
    ASSERT_LT(job.network().now_ns(), hour_ns);
  });
}

// Held blocks collect more messages.
TEST(SimJob, a_hold_makes_fewer_blocks) {
  const auto frames_with = [](std::uint64_t hold_ns) {
    std::uint64_t frames = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      test::Random random(seed);
      JobOptions options;
      options.seed = seed;
      options.shape = Shape::engine(2, 1, 2, true);
      make_large(options, random);
      options.plan.questions = false;
      options.hold_ns = hold_ns;
      Job job(options);
      job.run();
      EXPECT_EQ(job.verdict(), "");
      for (std::uint32_t a = 0; a < job.agents(); ++a) {
        frames += job.agent(a).count(Counter::frames_out);
      }
    }
    return frames;
  };
  const std::uint64_t held = frames_with(10'000'000);
  const std::uint64_t usual = frames_with(0);
  EXPECT_LT(held, usual);
}

std::uint64_t total(Job& job, Counter counter) {
  std::uint64_t sum = 0;
  for (std::uint32_t a = 0; a < job.agents(); ++a) sum += job.agent(a).count(counter);
  return sum;
}

// Every message that leaves its agent takes one hop, or two and is forwarded in between.
TEST(SimJob, hops_add_up) {
  std::uint64_t forwarded = 0;
  test::for_each_seed(1000, [&](std::uint64_t seed) {
    test::Random random(seed);
    JobOptions options;
    options.seed = seed;
    options.shape = random_forwarding_shape(random);
    make_small(options, random);
    Job job(options);
    expect_success(job, options);
    const wire::JobMap& map = options.shape.map;
    const wire::Routes routes(map);
    std::uint64_t leaving = 0;
    std::uint64_t handed_on = 0;
    for (std::uint32_t from = 0; from < map.ranks(); ++from) {
      for (std::uint32_t to = 0; to < map.ranks(); ++to) {
        const AgentId a = map.agent_of(RankId{from});
        const AgentId b = map.agent_of(RankId{to});
        if (a == b) continue;
        leaving += job.oracle().sent(from, to);
        if (routes.next_hop(a, b) != b) handed_on += job.oracle().sent(from, to);
      }
    }
    ASSERT_EQ(total(job, Counter::records_forwarded), handed_on);
    ASSERT_EQ(total(job, Counter::records_along) + total(job, Counter::records_across),
              leaving + handed_on);
    forwarded += handed_on;
  });
  // One seed alone may be without.
  if (std::getenv("BUDDY_SIM_SEED") == nullptr && std::getenv("BUDDY_SIM_RUNS") == nullptr) {
    EXPECT_GT(forwarded, test::scaled_runs(1000)) << "nothing was forwarded";
  }
}

// The counters that `buddy stat` shows add up.
TEST(SimJob, counters_add_up) {
  test::for_each_seed(500, [](std::uint64_t seed) {
    test::Random random(seed);
    const JobOptions options = random_job(seed, random);
    Job job(options);
    expect_success(job, options);
    Stats sum;
    for (std::uint32_t r = 0; r < job.ranks(); ++r) {
      const Stats stats = job.rank(r).endpoint().stats();
      sum.messages_sent += stats.messages_sent;
      sum.messages_handled += stats.messages_handled;
      ASSERT_EQ(stats.barriers, options.plan.phases);
      ASSERT_EQ(stats.blocks_sent, stats.flushes_full + stats.flushes_poll + stats.flushes_idle);
    }
    ASSERT_EQ(sum.messages_sent, job.oracle().sent());
    ASSERT_EQ(sum.messages_handled, job.oracle().sent());
  });
}

}  // namespace
}  // namespace buddy::sim
