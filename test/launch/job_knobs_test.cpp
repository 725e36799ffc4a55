// The knobs of a launch: where they come from, and what they take of the machine.
#include "launch/job_knobs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace buddy::launch {
namespace {

const std::vector<int> two_cpus = {0, 1};

std::string complaint(const JobOptions& options) {
  return plan_job(options, two_cpus).status().message();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(JobKnobs, options_count_more_than_the_environment) {
  ::setenv("BUDDY_BLOCK_BYTES", "65536", 1);
  ::setenv("BUDDY_HOLD_US", "7", 1);
  const auto plan = plan_job({.ranks = 2, .ring_blocks = 8, .hold_us = 0}, two_cpus);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_EQ(plan.value().knobs, (wire::Knobs{.block_bytes = 65536, .ring_blocks = 8}));
  const Environment environment = job_environment(plan.value(), "/d", "key");
  const auto has = [&](const char* name, const char* value) {
    return std::find(environment.begin(), environment.end(),
                     std::pair<std::string, std::string>(name, value)) != environment.end();
  };
  EXPECT_TRUE(has("BUDDY_BLOCK_BYTES", "65536"));
  EXPECT_TRUE(has("BUDDY_RING_BLOCKS", "8"));
  EXPECT_TRUE(has("BUDDY_HOLD_US", "")) << "the shell's 7 must not reach the ranks";
  ::setenv("BUDDY_HOLD_US", "soon", 1);
  EXPECT_TRUE(contains(complaint({.ranks = 2}), "BUDDY_HOLD_US=soon"));
  ::unsetenv("BUDDY_BLOCK_BYTES");
  ::unsetenv("BUDDY_HOLD_US");
}

TEST(JobKnobs, those_that_make_no_sense_are_refused) {
  EXPECT_TRUE(contains(complaint({.ranks = 2, .block_bytes = 5000}), "--block"));
  EXPECT_TRUE(contains(complaint({.ranks = 2, .block_bytes = 262144}), "beyond the ring"));
  EXPECT_TRUE(contains(complaint({.ranks = 2, .ring_blocks = 3}), "--ring"));
  EXPECT_TRUE(contains(complaint({.ranks = 2, .ring_blocks = 0}), "--ring: 0"));
}

TEST(JobKnobs, memory_that_is_not_there_is_said_before_the_start) {
  const std::string said = complaint({.ranks = 4096, .block_bytes = 1u << 20, .ring_blocks = 256});
  EXPECT_TRUE(contains(said, "take too much memory (the job needs ")) << said;
  EXPECT_TRUE(contains(said, " MiB are free)")) << said;
}

// The knobs are Buddy's own choice.
TEST(JobKnobs, rings_that_do_not_fit_come_with_what_needs_less) {
  const std::string said = complaint({.ranks = 4096, .routing = Routing::direct});
  EXPECT_TRUE(contains(said, "take too much memory (the job needs ")) << said;
  const std::size_t engine = said.find("--placement engine (");
  const std::size_t grid = said.find("--routing grid (");
  ASSERT_NE(engine, std::string::npos) << said;
  ASSERT_NE(grid, std::string::npos) << said;
  EXPECT_LT(engine, grid) << "the least first";
  EXPECT_FALSE(contains(said, "--ring 4")) << "rings among so many hold no more as it is";
  EXPECT_TRUE(contains(said, "start fewer ranks")) << said;
  const std::string long_rings = complaint({.ranks = 1024, .ring_blocks = 4096});
  EXPECT_TRUE(contains(long_rings, "--ring 4 (")) << long_rings;
}

std::uint32_t ring_blocks_of(JobOptions options) {
  options.ranks = 2;
  options.nodes = 2;
  const auto plan = plan_job(options, two_cpus);
  EXPECT_TRUE(plan.ok()) << plan.status().message();
  return plan.ok() ? plan.value().knobs.ring_blocks : ~0u;
}

TEST(JobKnobs, slow_engines_have_shorter_rings_unless_the_user_chose) {
  EXPECT_EQ(ring_blocks_of({.placement = Place::engine}), 0u) << "Buddy's own choice";
  EXPECT_EQ(ring_blocks_of({.placement = Place::dpu}), 8u) << "256 KiB";
  EXPECT_EQ(ring_blocks_of({.placement = Place::dpu, .block_bytes = 16384}), 16u);
  EXPECT_EQ(ring_blocks_of({.placement = Place::dpu, .block_bytes = 131072}), 0u)
      << "four blocks are the least as it is";
  EXPECT_EQ(ring_blocks_of({.placement = Place::dpu, .ring_blocks = 32}), 32u);
  EXPECT_EQ(ring_blocks_of({.placement = Place::dpu, .dpu = "slowdown=1"}), 0u) << "as an engine";
  EXPECT_EQ(ring_blocks_of({.placement = Place::dpu, .dpu = "slowdown=2,latency_us=100"}), 0u)
      << "what is under way fills more";
  ::setenv("BUDDY_RING_BLOCKS", "64", 1);
  EXPECT_EQ(ring_blocks_of({.placement = Place::dpu}), 64u);
  ::unsetenv("BUDDY_RING_BLOCKS");
}

TEST(JobKnobs, shared_memory_is_that_of_rings_and_blocks) {
  const JobPlan host{
      .ranks = 4, .fabric = "shm", .knobs = {.block_bytes = 65536, .ring_blocks = 64}};
  constexpr std::uint64_t ring = std::uint64_t{64} * 65536;
  // Four agents with an inbound ring for each of the other three.
  EXPECT_GE(shared_memory_bytes(host), 12 * ring);
  EXPECT_LT(shared_memory_bytes(host), 13 * ring);
  JobPlan apart = host;
  apart.nodes = 2;
  apart.fabric = "ucx";
  EXPECT_GE(shared_memory_bytes(apart), 4 * ring);
  EXPECT_LT(shared_memory_bytes(apart), 5 * ring);
  JobPlan grid = host;  // two rows of two
  grid.routing = Routing::grid;
  EXPECT_GE(shared_memory_bytes(grid), 8 * ring);
  EXPECT_LT(shared_memory_bytes(grid), 9 * ring);
  JobPlan engine = host;
  engine.placement = Place::engine;
  // One agent: a ring of its own, and two for each rank.
  EXPECT_GE(shared_memory_bytes(engine), 9 * ring);
  EXPECT_LT(shared_memory_bytes(engine), 10 * ring);
}

}  // namespace
}  // namespace buddy::launch
