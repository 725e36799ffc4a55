#include "tools/bench/bench_record.hpp"

#include <gtest/gtest.h>

#include "tools/bench/bench_records.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

using testing::make_record;
using testing::two_rank_plan;
using testing::workload_result;

constexpr Step host_step{.contender = Contender::host, .pair = 0};

Result<Record> read(const Json& result, const Step& step = host_step) {
  return read_record(result.dump(), step, two_rank_plan(place_of(step.contender)));
}

// The format: these keys, in every entry of `results`.
TEST(BenchRecord, entry_has_all_keys_of_the_format) {
  const Json entry = make_record(Contender::engine, 0, 0.5).to_json();
  for (const char* key : {"workload",
                          "placement",
                          "fabric",
                          "routing",
                          "ranks",
                          "nodes",
                          "workers",
                          "block_bytes",
                          "ring_blocks",
                          "hold_us",
                          "seconds",
                          "messages",
                          "payload_bytes",
                          "wire_bytes",
                          "host_cpu_seconds",
                          "engine_cpu_seconds",
                          "host_cpu_utilization",
                          "engine_cpu_utilization",
                          "host_run_delay_seconds",
                          "engine_run_delay_seconds",
                          "others_cpu_seconds",
                          "stolen_cpu_seconds",
                          "throttled_cpu_seconds",
                          "host_cpu_share",
                          "engine_cpu_share",
                          "dram_bytes_host",
                          "dram_bytes_engine",
                          "dram_method",
                          "memory_to_communication_ratio",
                          "verified"}) {
    EXPECT_TRUE(entry.contains(key)) << key;
  }
  EXPECT_EQ(entry["placement"], "engine");
  EXPECT_EQ(entry["verified"], true);
}

// What was in force, chosen or not. MPI alone has no blocks.
TEST(BenchRecord, knobs_are_recorded) {
  auto plan = two_rank_plan(launch::Place::host);
  const std::string result = workload_result("host", 0.5).dump();
  const Json usual = read_record(result, host_step, plan).value().to_json();
  EXPECT_EQ(usual["block_bytes"], 32768);
  EXPECT_EQ(usual["ring_blocks"], 16);
  EXPECT_EQ(usual["hold_us"], 0);
  plan.knobs = {.block_bytes = 65536, .hold_us = 50};
  const Json chosen = read_record(result, host_step, plan).value().to_json();
  EXPECT_EQ(chosen["block_bytes"], 65536);
  EXPECT_EQ(chosen["ring_blocks"], 8);
  EXPECT_EQ(chosen["hold_us"], 50);
  Json over_ucx = workload_result("host", 0.5);
  over_ucx["fabric"] = "ucx";
  // The window follows distance and peers, unless somebody has chosen it.
  plan.knobs = {};
  EXPECT_TRUE(
      read_record(over_ucx.dump(), host_step, plan).value().to_json()["ring_blocks"].is_null());
  plan.knobs = {.ring_blocks = 4};
  EXPECT_EQ(read_record(over_ucx.dump(), host_step, plan).value().to_json()["ring_blocks"], 4);
  const Json none = make_record(Contender::alltoallv, 0, 0.5).to_json();
  for (const char* key : {"block_bytes", "ring_blocks", "hold_us"})
    EXPECT_TRUE(none[key].is_null());
}

// Rings are as large as the channels allow that the run had.
TEST(BenchRecord, rings_are_those_of_the_routing) {
  auto plan = two_rank_plan(launch::Place::host);
  plan.ranks = 64;
  Json result = workload_result("host", 0.5);
  result["ranks"] = 64;
  const Json direct = read_record(result.dump(), host_step, plan).value().to_json();
  EXPECT_EQ(direct["routing"], "direct");
  EXPECT_EQ(direct["ring_blocks"], 4);
  result["routing"] = "grid";
  const Json grid = read_record(result.dump(), host_step, plan).value().to_json();
  EXPECT_EQ(grid["routing"], "grid");
  EXPECT_EQ(grid["ring_blocks"], 8);
}

TEST(BenchRecord, figures_that_were_not_measured_are_null) {
  const Json entry = make_record(Contender::host, 0, 0.5).to_json();
  for (const char* key : {"engine_cpu_seconds", "engine_cpu_utilization", "dram_bytes_host",
                          "dram_bytes_engine", "dram_method", "memory_to_communication_ratio"}) {
    EXPECT_TRUE(entry[key].is_null()) << key << " is " << entry[key];
  }
}

TEST(BenchRecord, computes_rates_and_use_of_cpus) {
  const Record record = make_record(Contender::engine, 0, 0.5);
  EXPECT_DOUBLE_EQ(record.rate_per_rank(), 1.0);            // 10^6 / 0.5 s / 2 ranks
  EXPECT_DOUBLE_EQ(*record.host_ns_per_message(), 500);     // 0.5 s / 10^6
  EXPECT_DOUBLE_EQ(*record.engine_records_rate(), 8.0);     // 2 x 10^6 / 0.25 s
  EXPECT_DOUBLE_EQ(*record.engine_work_rate(), 16.0);       // 2 x 10^6 / (0.25 s - 0.125 s)
  EXPECT_DOUBLE_EQ(*record.host_cpu_utilization(), 0.5);    // 0.5 s of 2 x 0.5 s
  EXPECT_DOUBLE_EQ(*record.engine_cpu_utilization(), 0.5);  // 0.25 s of 0.5 s
  EXPECT_FALSE(make_record(Contender::host, 0, 1).engine_records_rate().has_value());
  EXPECT_FALSE(make_record(Contender::host, 0, 1).engine_work_rate().has_value());
}

TEST(BenchRecord, more_cpu_time_than_there_was_is_no_use_of_cpus) {
  Record record = make_record(Contender::engine, 0, 23e-6);
  (*record.measured)["host_cpu_seconds"] = 60e-6;
  (*record.measured)["engine_cpu_seconds"] = 60e-6;
  EXPECT_FALSE(record.host_cpu_utilization().has_value());
  EXPECT_FALSE(record.engine_cpu_utilization().has_value());
}

TEST(BenchRecord, reads_what_a_workload_wrote) {
  const auto record = read(workload_result("host", 0.5));
  ASSERT_TRUE(record.ok()) << record.status().message();
  EXPECT_DOUBLE_EQ(record.value().seconds(), 0.5);
  EXPECT_EQ(record.value().engine_cpus, 0);
}

TEST(BenchRecord, refuses_incomplete_results) {
  EXPECT_FALSE(read_record("", host_step, two_rank_plan(launch::Place::host)).ok());
  EXPECT_FALSE(read_record("{", host_step, two_rank_plan(launch::Place::host)).ok());
  EXPECT_FALSE(read_record("[]", host_step, two_rank_plan(launch::Place::host)).ok());
  for (const char* key :
       {"ranks", "nodes", "seconds", "messages", "payload_bytes", "wire_bytes", "host_cpu_seconds",
        "host_run_delay_seconds", "engine_cpu_seconds", "verified", "placement"}) {
    Json result = workload_result("host", 0.5);
    result.erase(key);
    EXPECT_FALSE(read(result).ok()) << key;
    result[key] = "text";
    EXPECT_FALSE(read(result).ok()) << key;
  }
  for (const Json& bad : {Json(-1), Json(-9.2e18), Json(1e300)}) {
    for (const char* key : {"ranks", "nodes", "seconds", "messages", "payload_bytes", "wire_bytes",
                            "host_cpu_seconds", "engine_cpu_seconds"}) {
      Json result = workload_result("host", 0.5);
      result[key] = bad;
      EXPECT_FALSE(read(result).ok()) << key << ": " << bad;
    }
  }
  for (const double seconds : {0.0, 1e-320})
    EXPECT_FALSE(read(workload_result("host", seconds)).ok());
}

TEST(BenchRecord, refuses_a_run_in_another_placement) {
  const auto record = read(workload_result("engine", 0.5));
  ASSERT_FALSE(record.ok());
  EXPECT_NE(record.status().message().find(R"("engine" instead of "host")"), std::string::npos);
}

TEST(BenchRecord, rates_are_finite_or_unknown) {
  Json result = workload_result("engine", 0.5);
  result["host_cpu_seconds"] = 0;
  result["engine_cpu_seconds"] = 1e-320;
  result["messages"] = 1e-320;
  const auto record = read(result, {.contender = Contender::engine, .pair = 0});
  ASSERT_TRUE(record.ok()) << record.status().message();
  EXPECT_FALSE(record.value().engine_records_rate().has_value());
  EXPECT_FALSE(record.value().engine_work_rate().has_value());
  EXPECT_FALSE(record.value().host_ns_per_message().has_value());
}

TEST(BenchRecord, refuses_a_wrong_answer) {
  Json result = workload_result("host", 0.5);
  result["verified"] = false;
  const auto record = read(result);
  ASSERT_FALSE(record.ok());
  EXPECT_NE(record.status().message().find("answer is wrong"), std::string::npos);
}

}  // namespace
}  // namespace buddy::tools
