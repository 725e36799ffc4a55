#include "predict/host_run.hpp"

#include <gtest/gtest.h>

#include "runs.hpp"

namespace buddy::predict {
namespace {

TEST(HostRun, wall_time_is_scaled_to_the_cpu_time_of_a_rank_that_shares_its_core) {
  const RankWork wall{.application = 1, .handlers = 2, .engine = 1};
  const RankWork cpu = scale_to_cpu_time(wall, 2.0);
  EXPECT_DOUBLE_EQ(cpu.application, 0.5);
  EXPECT_DOUBLE_EQ(cpu.handlers, 1.0);
  EXPECT_DOUBLE_EQ(cpu.engine, 0.5);
}

TEST(HostRun, other_threads_of_a_rank_do_not_make_its_work_longer) {
  EXPECT_DOUBLE_EQ(scale_to_cpu_time({.application = 1}, 3.0).application, 1.0);
}

TEST(HostRun, a_rank_that_did_nothing_has_no_work) {
  EXPECT_DOUBLE_EQ(scale_to_cpu_time({}, 1.0).sum(), 0.0);
}

TEST(HostRun, idle_is_what_the_ranks_cpus_were_not_busy_with) {
  HostRun run = testing::run_of(1, 1, 1);
  EXPECT_DOUBLE_EQ(run.idle_seconds(), 0.0);
  run.seconds += 2;
  EXPECT_DOUBLE_EQ(run.idle_seconds(), 2.0);
  run.ranks[0].waiting = 1;  // spinning is idle, too
  EXPECT_DOUBLE_EQ(run.idle_seconds(), 2.0);
}

TEST(HostRun, the_mean_of_runs_is_that_of_every_figure) {
  HostRun slow = testing::run_of(3, 6, 1.5, 0.5);
  slow.barriers = 3;
  const HostRun mean = mean_of({testing::run_of(1, 2, 0.5, 0.5), slow});
  EXPECT_DOUBLE_EQ(mean.total().application, 2);
  EXPECT_DOUBLE_EQ(mean.total().handlers, 4);
  EXPECT_DOUBLE_EQ(mean.total().engine, 1);
  EXPECT_DOUBLE_EQ(mean.total().network, 0.5);
  EXPECT_DOUBLE_EQ(mean.seconds, 7.5);
  EXPECT_DOUBLE_EQ(mean.barriers, 2);
  EXPECT_DOUBLE_EQ(mean.idle_seconds(), 0);
}

TEST(HostRun, no_blocks_are_awaited_by_nobody) {
  HostRun run = testing::run_of(1, 1, 1);
  EXPECT_DOUBLE_EQ(run.awaited(), 0);
  run.partial_blocks = 3;
  EXPECT_DOUBLE_EQ(run.awaited(), 0);
  run.blocks = 2;
  EXPECT_DOUBLE_EQ(run.awaited(), 1);
}

// Two blocks there, and two back.
TEST(HostRun, full_blocks_say_that_nobody_waits) {
  HostRun run = testing::run_of(1, 1, 1);
  run.blocks = 2;
  run.partial_blocks = 1;
  EXPECT_DOUBLE_EQ(run.awaited(), 1.0 / 16);
}

TEST(HostRun, ranks_keep_no_more_cpus_busy_than_there_are_ranks) {
  HostRun run = testing::run_of(1, 1, 1);
  run.host_cpus = 8;
  EXPECT_EQ(run.busy_cpus(), 2);
}

}  // namespace
}  // namespace buddy::predict
