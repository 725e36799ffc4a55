// What ranks and engines had of their CPUs, from what was measured of a job.
#include "tools/report/job_cpu_use.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

constexpr launch::JobLoad half_of_its_life{
    .seconds = 2, .own_cpu_seconds = 2, .others_cpu_seconds = 4};

TEST(JobCpuUse, what_is_lost_is_split_as_ranks_and_engines_waited) {
  const JobCpuUse use = cpu_use_of({.seconds = 1,
                                    .rank_cpu_seconds = 1,
                                    .rank_run_delay_seconds = 3,
                                    .engine_cpu_seconds = 1,
                                    .engine_run_delay_seconds = 2},
                                   half_of_its_life);
  // Of the others' 4 s, half in the region; the engines waited for 1 s of it, the ranks for 3.
  EXPECT_DOUBLE_EQ(use.ranks.lost_seconds, 1.5);
  EXPECT_DOUBLE_EQ(use.engines.lost_seconds, 0.5);
  EXPECT_DOUBLE_EQ(use.whole().share(), 0.5);
}

TEST(JobCpuUse, who_did_not_wait_lost_nothing) {
  const JobCpuUse use = cpu_use_of(
      {.seconds = 1, .rank_cpu_seconds = 1, .rank_run_delay_seconds = 0}, half_of_its_life);
  EXPECT_DOUBLE_EQ(use.whole().lost_seconds, 0);
}

TEST(JobCpuUse, without_run_delays_the_others_time_counts) {
  const JobCpuUse use = cpu_use_of({.seconds = 1, .rank_cpu_seconds = 1}, half_of_its_life);
  EXPECT_DOUBLE_EQ(use.ranks.lost_seconds, 2);
}

TEST(JobCpuUse, run_delay_of_engines_is_known_if_it_is_of_all) {
  EXPECT_FALSE(engine_run_delay_seconds({}).has_value());
  launch::EngineUsage known;
  known.run_delay_seconds = 1;
  EXPECT_DOUBLE_EQ(*engine_run_delay_seconds({known, known}), 2);
  EXPECT_FALSE(engine_run_delay_seconds({known, {}}).has_value());
}

TEST(JobCpuUse, doubt_names_whoever_got_less) {
  const auto doubt = doubt_job({.ranks = {1, 0.1}, .engines = {0.1, 0.9}});
  ASSERT_TRUE(doubt.has_value());
  EXPECT_NE(doubt->text.find("the engines got 10 %"), std::string::npos) << doubt->text;
  EXPECT_NE(doubt_job({.ranks = {0.1, 0.9}, .engines = {}})->text.find("the ranks got 10 %"),
            std::string::npos);
}

// In a run of microseconds every moment of other work is a large share.
TEST(RunQuality, that_runs_are_short_is_said_first) {
  const JobCpuUse disturbed{.ranks = {0.1, 0.9}, .engines = {}};
  const auto doubts =
      doubts_about({.seconds = 0.01, .cpu = disturbed, .stolen = {1, 1}, .throttled = {1, 1}});
  std::vector<measure::DoubtKind> kinds;
  for (const measure::Doubt& doubt : doubts) kinds.push_back(doubt.kind);
  using measure::DoubtKind;
  EXPECT_EQ(kinds, (std::vector<DoubtKind>{DoubtKind::short_runs, DoubtKind::cpu_share,
                                           DoubtKind::stolen, DoubtKind::throttled}));
  EXPECT_TRUE(
      doubts_about({.seconds = 1, .cpu = {}, .stolen = {1, 0}, .throttled = {1, 0.1}}).empty());
}

TEST(RunQuality, what_a_quota_took_is_the_jobs) {
  const launch::JobLoad load{.own_cpu_seconds = 3, .throttled_cpu_seconds = 1};
  EXPECT_DOUBLE_EQ(throttled_use(load).share(), 0.75);
  EXPECT_DOUBLE_EQ(throttled_use({.own_cpu_seconds = 3}).share(), 1);
}

TEST(Utilization, is_not_known_where_it_is_more_than_all) {
  EXPECT_DOUBLE_EQ(*utilization(1, 4), 0.25);
  EXPECT_DOUBLE_EQ(*utilization(1.03, 1), 1);
  EXPECT_FALSE(utilization(60e-6, 23e-6).has_value());
  EXPECT_FALSE(utilization(1, 0).has_value());
}

}  // namespace
}  // namespace buddy::tools
