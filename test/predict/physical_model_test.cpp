#include "predict/physical_model.hpp"

#include <gtest/gtest.h>

#include "runs.hpp"

namespace buddy::predict {
namespace {

using testing::run_of;

const EngineDescription x86 = *preset_engine("x86");

TEST(PhysicalModel, engines_that_do_half_of_the_work_double_the_speed) {
  const Prediction made = predict(run_of(1, 1, 2), x86, plain_coefficients());
  EXPECT_DOUBLE_EQ(made.seconds, 2.0);
  EXPECT_DOUBLE_EQ(made.host_seconds, 2.0);
  EXPECT_DOUBLE_EQ(made.engine_seconds, 2.0);
  EXPECT_DOUBLE_EQ(made.cpu_seconds_freed, 2.0);
}

TEST(PhysicalModel, the_slower_side_sets_the_pace) {
  EXPECT_EQ(predict(run_of(3, 0, 1), x86, plain_coefficients()).limit, Limit::host);
  EXPECT_EQ(predict(run_of(1, 0, 3), x86, plain_coefficients()).limit, Limit::engine);
  EXPECT_EQ(predict(run_of(1, 0, 1, 3), x86, plain_coefficients()).limit, Limit::network);
  EXPECT_DOUBLE_EQ(predict(run_of(1, 0, 3), x86, plain_coefficients()).seconds, 3.0);
}

TEST(PhysicalModel, what_somebody_waits_for_does_not_hide) {
  HostRun run = run_of(2, 0, 1);
  run.blocks = 10;
  run.partial_blocks = 10;
  EXPECT_DOUBLE_EQ(predict(run, x86, plain_coefficients()).seconds, 3.0);
  run.partial_blocks = 5;  // a sixteenth of the ways there and back
  EXPECT_DOUBLE_EQ(predict(run, x86, plain_coefficients()).seconds, 2.0625);
  run.partial_blocks = 0;
  EXPECT_DOUBLE_EQ(predict(run, x86, plain_coefficients()).seconds, 2.0);
}

// A rank that did nothing and waited for nothing: what is left of its time is no time at all.
TEST(PhysicalModel, no_prediction_is_of_no_time) {
  HostRun run = run_of(0, 0, 0);
  run.seconds = 1;
  run.barriers = 0;
  Coefficients with = plain_coefficients();
  with.values[static_cast<std::size_t>(Coefficient::idle)] = 0;
  EXPECT_DOUBLE_EQ(predict(run, x86, with).seconds, 1e-3);
}

TEST(PhysicalModel, idle_time_stays) {
  HostRun run = run_of(1, 0, 1);
  run.seconds += 3;
  const Prediction made = predict(run, x86, plain_coefficients());
  EXPECT_DOUBLE_EQ(made.seconds, 4.0);
  EXPECT_EQ(made.limit, Limit::waiting);
}

TEST(PhysicalModel, one_slow_rank_is_waited_for) {
  HostRun run = run_of(2, 0, 2);
  run.host_cpus = 2;
  run.ranks[0].application = 2;
  run.ranks[1].application = 0;
  run.seconds = 3;
  EXPECT_DOUBLE_EQ(predict(run, x86, plain_coefficients()).host_seconds, 2.0);
}

TEST(PhysicalModel, more_and_faster_cores_route_faster) {
  EngineDescription engine = x86;
  engine.cores = 2;
  EXPECT_DOUBLE_EQ(predict(run_of(1, 0, 4), engine, plain_coefficients()).engine_seconds, 2.0);
  engine.speed = 2;
  EXPECT_DOUBLE_EQ(predict(run_of(1, 0, 4), engine, plain_coefficients()).engine_seconds, 1.0);
  engine.cores = 100;  // two nodes have two engines of one worker
  EXPECT_DOUBLE_EQ(predict(run_of(1, 0, 4), engine, plain_coefficients()).engine_seconds, 1.0);
}

TEST(PhysicalModel, a_thin_link_and_slow_memory_are_limits) {
  EngineDescription engine = x86;
  HostRun run = run_of(1, 0, 0.1);
  run.block_bytes = 4e9;
  engine.link_gb_per_s = 0.5;
  EXPECT_DOUBLE_EQ(predict(run, engine, plain_coefficients()).engine_seconds, 4.0);
  engine.link_gb_per_s.reset();
  engine.memory_gb_per_s = 1;
  engine.dram_bytes_per_byte = 2;
  EXPECT_DOUBLE_EQ(predict(run, engine, plain_coefficients()).engine_seconds, 8.0);
  engine.wire_gb_per_s = 1;
  run.wire_bytes = 6e9;
  EXPECT_DOUBLE_EQ(predict(run, engine, plain_coefficients()).network_seconds, 3.0);
}

// What is forwarded moves through the memory of one engine more.
TEST(PhysicalModel, forwarded_bytes_move_once_more) {
  EngineDescription engine = x86;
  engine.memory_gb_per_s = 1;
  engine.dram_bytes_per_byte = 2;
  HostRun run = run_of(1, 0, 0.1);
  run.block_bytes = 4e9;
  run.forwards = 0.5;
  EXPECT_DOUBLE_EQ(predict(run, engine, plain_coefficients()).engine_seconds, 10.0);
}

// An engine of its own takes every byte from another core, and a slower one takes longer for it.
// It routes while it waits for them, so the longer of the two counts.
TEST(PhysicalModel, bytes_from_other_cores_cost_the_engine) {
  HostRun run = run_of(1, 0, 0.5);
  run.block_bytes = 1e9;
  Coefficients with = plain_coefficients();
  with.values[static_cast<std::size_t>(Coefficient::ring_ns)] = 0.25;
  EXPECT_DOUBLE_EQ(predict(run, x86, with).engine_seconds, 0.5);
  with.values[static_cast<std::size_t>(Coefficient::ring_ns)] = 0.75;
  EXPECT_DOUBLE_EQ(predict(run, x86, with).engine_seconds, 0.75);
  EXPECT_DOUBLE_EQ(predict(run, emulated_engine({.slowdown = 4}), with).engine_seconds, 3.0);
  EXPECT_DOUBLE_EQ(predict(run, emulated_engine({.slowdown = 4}), with).seconds, 3.0);
}

TEST(PhysicalModel, every_barrier_crosses_the_link) {
  EngineDescription engine = x86;
  engine.link_latency_us = 10;
  HostRun run = run_of(1, 0, 1);
  run.barriers = 1000;
  EXPECT_NEAR(predict(run, engine, plain_coefficients()).seconds, 1 + 1000 * 40e-6, 1e-12);
}

TEST(PhysicalModel, coefficients_follow_the_machine) {
  Coefficients fitted = plain_coefficients();
  fitted.values[static_cast<std::size_t>(Coefficient::buddy)] = 1.5;
  fitted.values[static_cast<std::size_t>(Coefficient::handlers)] = 0.9;
  fitted.values[static_cast<std::size_t>(Coefficient::barrier_us)] = 10;
  fitted.values[static_cast<std::size_t>(Coefficient::ring_ns)] = 0.1;
  const Coefficients here = adapted(fitted, {.ring = 3, .wake = 2});
  EXPECT_DOUBLE_EQ(here[Coefficient::ring_ns], 0.1 * 3);
  EXPECT_DOUBLE_EQ(here[Coefficient::buddy], 2.5);
  EXPECT_DOUBLE_EQ(here[Coefficient::handlers], 0.9);
  EXPECT_DOUBLE_EQ(here[Coefficient::barrier_us], 20);
  EXPECT_EQ(adapted(fitted, {}).values, fitted.values);
}

TEST(PhysicalModel, a_dpu_is_labelled_as_extrapolated) {
  EXPECT_TRUE(preset_engine("bluefield3")->extrapolated);
  EXPECT_FALSE(x86.extrapolated);
  EXPECT_FALSE(preset_engine("bluefield9"));
}

}  // namespace
}  // namespace buddy::predict
