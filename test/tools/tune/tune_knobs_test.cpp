#include "tools/tune/tune_knobs.hpp"

#include <gtest/gtest.h>

#include "base/affinity.hpp"

namespace buddy::tools {
namespace {

TuneKnobs knobs_of(launch::JobOptions options, bool workers_given = false) {
  const auto plan = launch::plan_job(options, allowed_cpus());
  EXPECT_TRUE(plan.ok()) << plan.status().message();
  return tune_knobs(options, workers_given, plan.value());
}

std::string why_not(const TuneKnobs& knobs, const std::string& option) {
  for (const TuneKnob& knob : knobs.knobs) {
    if (knob.option == option) return knob.why_not;
  }
  return "there is no such knob";
}

TEST(TuneKnobs, begin_where_a_job_stands_without_them) {
  const TuneKnobs knobs = knobs_of({.ranks = 2, .placement = launch::Place::engine});
  EXPECT_EQ(knobs.usual.block_bytes, 32768u);
  EXPECT_EQ(knobs.usual.ring_blocks, 16u);
  EXPECT_EQ(knobs.usual.workers, 1);
  EXPECT_EQ(knobs.usual.hold_us, 0u);
  const TuneKnobs kept = knobs_of({.ranks = 2, .block_bytes = 131072, .hold_us = 100});
  EXPECT_EQ(kept.usual.block_bytes, 131072u);
  EXPECT_EQ(kept.usual.ring_blocks, 4u) << "what fits in 512K";
  EXPECT_EQ(kept.usual.hold_us, 100u);
}

TEST(TuneKnobs, workers_without_ranks_are_not_tried) {
  launch::JobOptions options{.ranks = 4, .nodes = 2, .placement = launch::Place::engine};
  EXPECT_EQ(knobs_of(options).bounds.most_workers, 2);
  EXPECT_EQ(why_not(knobs_of(options), "--workers"), "");
  options.nodes = 4;
  EXPECT_EQ(knobs_of(options).bounds.most_workers, 0);
  EXPECT_NE(why_not(knobs_of(options), "--workers").find("a worker without ranks"),
            std::string::npos);
  options.placement = launch::Place::host;
  EXPECT_NE(why_not(knobs_of(options), "--workers").find("no engine processes"), std::string::npos);
}

TEST(TuneKnobs, that_were_given_stay_and_are_no_neighbours) {
  const TuneKnobs knobs = knobs_of(
      {.ranks = 4, .placement = launch::Place::engine, .workers = 2, .ring_blocks = 8}, true);
  EXPECT_EQ(why_not(knobs, "--workers"), "it was given");
  EXPECT_EQ(why_not(knobs, "--ring"), "it was given");
  EXPECT_TRUE(knobs.turns_any());
  const auto around = neighbours(knobs.usual, knobs.bounds);
  EXPECT_EQ(around.size(), 3u) << "block up and down, hold up";
  for (const TuneSetting& one : around) {
    EXPECT_EQ(one.workers, 2);
    EXPECT_EQ(one.ring_blocks, 8u);
  }
}

TEST(TuneKnobs, a_lone_rank_that_routes_itself_has_no_ring) {
  const TuneKnobs knobs = knobs_of({.ranks = 1});
  EXPECT_FALSE(knobs.bounds.ring);
  EXPECT_TRUE(knobs_of({.ranks = 2}).bounds.ring);
}

}  // namespace
}  // namespace buddy::tools
