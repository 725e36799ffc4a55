// Simulated jobs with real engines: what arrives, what is counted, and that a seed names a run.
#include "tools/scale/scale_job.hpp"

#include <gtest/gtest.h>

#include "arena/sizes.hpp"
#include "wire/routes.hpp"

namespace buddy::tools {
namespace {

ScaleCase job_of(std::uint32_t agents, Routing routing, Traffic traffic = Traffic::histogram) {
  ScaleCase job;
  job.agents = agents;
  job.nodes = agents;
  job.routing = routing;
  job.traffic = traffic;
  job.messages = 2'000;
  return job;
}

ScaleResult run(const ScaleCase& job) {
  auto result = simulate(job, {}, [](double) {});
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? result.value() : ScaleResult{};
}

TEST(ScaleJob, every_message_arrives_in_all_traffics_and_routings) {
  for (const Traffic traffic : {Traffic::histogram, Traffic::skewed, Traffic::neighbour}) {
    for (const Routing routing : {Routing::direct, Routing::grid}) {
      const ScaleCase job = job_of(64, routing, traffic);
      SCOPED_TRACE(job.name());
      const ScaleResult result = run(job);
      EXPECT_TRUE(result.verified);
      EXPECT_EQ(result.routing, routing);
      EXPECT_GT(result.packets.mean, 0);
      EXPECT_GT(result.seconds, 0);
    }
  }
}

TEST(ScaleJob, direct_forwards_nothing_and_grid_most_of_what_crosses_groups) {
  const ScaleResult direct = run(job_of(64, Routing::direct));
  EXPECT_EQ(direct.channels.most, 63);
  EXPECT_EQ(direct.forwarded.mean, 0);
  EXPECT_EQ(direct.across, 0);
  EXPECT_NEAR(direct.along, 2'000 * 63.0 / 64, 100);
  const ScaleResult grid = run(job_of(64, Routing::grid));
  EXPECT_EQ(grid.channels.most, 14);
  EXPECT_NEAR(grid.across, 2'000 * 56.0 / 64, 100) << "of 64 agents 8 are in the own group";
  EXPECT_NEAR(grid.forwarded.mean, 2'000 * 49.0 / 64, 100) << "all but those of the counterparts";
  EXPECT_LT(grid.packets.mean, direct.packets.mean / 2);
  EXPECT_GT(grid.bytes_per_packet, direct.bytes_per_packet);
}

TEST(ScaleJob, an_empty_barrier_takes_one_wave_of_frames_to_neighbours) {
  const ScaleResult direct = run(job_of(64, Routing::direct));
  EXPECT_EQ(direct.barrier_waves, 1);
  EXPECT_EQ(direct.barrier_frames, 6) << "doublings of 64 agents";
  EXPECT_GT(direct.barrier_seconds, 6 * 1e-9 * static_cast<double>(direct.job.model.latency_ns));
  const ScaleResult grid = run(job_of(64, Routing::grid));
  EXPECT_EQ(grid.barrier_waves, 1);
  EXPECT_EQ(grid.barrier_frames, 6) << "3 of 8 agents, 3 of 8 groups";
}

TEST(ScaleJob, engines_with_several_ranks_have_cores_of_their_own) {
  for (const Routing routing : {Routing::direct, Routing::grid}) {
    ScaleCase job = job_of(16, routing);
    job.ranks_per_agent = 3;
    SCOPED_TRACE(job.name());
    const ScaleResult result = run(job);
    EXPECT_TRUE(result.verified);
    EXPECT_EQ(result.job.ranks(), 48u);
  }
}

TEST(ScaleJob, agents_of_a_node_share_memory) {
  ScaleCase job = job_of(24, Routing::node);
  job.nodes = 4;
  const ScaleResult result = run(job);
  EXPECT_TRUE(result.verified);
  EXPECT_EQ(result.routing, Routing::node);
  EXPECT_EQ(result.channels.most, 5 + 3);
  EXPECT_GT(result.memory.rings, 0u);
}

TEST(ScaleJob, full_windows_hold_back_and_lose_nothing) {
  ScaleCase job = job_of(9, Routing::grid, Traffic::skewed);
  job.messages = 60'000;
  job.knobs.block_bytes = 4096;
  job.knobs.ring_blocks = 8;
  job.model.packet_ns = 20'000;
  EXPECT_TRUE(run(job).verified);
}

// After a block of input an engine sends two open blocks, and the others when its rank is done.
TEST(ScaleJob, many_channels_do_not_tear_messages_apart) {
  ScaleCase job = job_of(64, Routing::direct);
  job.messages = 10'000;
  const ScaleResult result = run(job);
  EXPECT_TRUE(result.verified);
  constexpr double messages_per_block = 1'000;  // at least
  EXPECT_LT(result.packets.mean, 63 + 2 * (10'000 / messages_per_block));
}

TEST(ScaleJob, holding_blocks_makes_packets_fewer) {
  ScaleCase job = job_of(64, Routing::direct);
  job.messages = 20'000;  // several blocks of each rank
  const ScaleResult at_once = run(job);
  job.knobs.hold_us = 1'000;
  const ScaleResult held = run(job);
  EXPECT_TRUE(held.verified);
  EXPECT_LT(held.packets.mean, at_once.packets.mean);
}

TEST(ScaleJob, a_seed_names_a_run) {
  ScaleCase job = job_of(36, Routing::grid);
  job.messages = 20'000;
  const ScaleResult one = run(job);
  const ScaleResult again = run(job);
  EXPECT_EQ(one.seconds, again.seconds);
  EXPECT_EQ(one.packets.mean, again.packets.mean);
  EXPECT_EQ(one.packets.most, again.packets.most);
  job.seed = 2;
  EXPECT_NE(run(job).packets.mean, one.packets.mean);
}

TEST(ScaleJob, what_costs_more_takes_longer) {
  ScaleCase job = job_of(16, Routing::direct);
  const double seconds = run(job).seconds;
  job.model.packet_ns *= 10;
  EXPECT_GT(run(job).seconds, 2 * seconds);
}

TEST(ScaleJob, ends_when_it_is_stopped) {
  std::stop_source stop;
  const ScaleCase job = job_of(64, Routing::direct);
  const auto result = simulate(job, stop.get_token(), [&](double) { stop.request_stop(); });
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.status().message().find("stopped"), std::string::npos);
}

TEST(ScaleJob, the_formulas_say_what_is_reserved) {
  for (const Routing routing : {Routing::direct, Routing::grid}) {
    const ScaleCase job = job_of(60, routing);
    SCOPED_TRACE(job.name());
    const ScaleResult result = run(job);
    const wire::JobMap map = job.map();
    const auto second_block = static_cast<double>(
        arena::open_block_bytes(arena::sizes_for(wire::Routes(map), map.knobs)));
    EXPECT_EQ(static_cast<double>(result.memory.blocks), result.arena_bytes.most + second_block);
    EXPECT_EQ(static_cast<double>(result.memory.channels), result.channels.most);
    EXPECT_LT(result.resident_bytes.most, result.arena_bytes.most);
    EXPECT_LT(result.in_flight_bytes.most, static_cast<double>(result.memory.windows));
  }
}

}  // namespace
}  // namespace buddy::tools
