// Runs beside which a counter is read, with a counter and programs of our own.
#include "tools/profile/sampled_run.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/clock.hpp"
#include "launch/process/task_group.hpp"
#include "support/sandbox.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Sandbox;

std::optional<double> total(const measure::DramReading& reading) {
  return static_cast<double>(reading.total_bytes);
}

std::optional<double> host(const measure::DramReading& reading) {
  if (!reading.host_bytes) return std::nullopt;
  return static_cast<double>(*reading.host_bytes);
}

TEST(SampledRun, growth_is_that_between_two_moments) {
  const std::vector<DramSample> samples = {
      {100, {.total_bytes = 0}}, {200, {.total_bytes = 1000}}, {300, {.total_bytes = 4000}}};
  EXPECT_EQ(grown(samples, 100, 300, total), 4000);
  EXPECT_EQ(grown(samples, 200, 300, total), 3000);
  EXPECT_EQ(grown(samples, 150, 250, total), 2000);  // half of each interval
  EXPECT_EQ(grown(samples, 0, 1000, total), 4000);   // nothing is known outside
}

TEST(SampledRun, growth_is_unknown_where_the_meter_does_not_tell) {
  const std::vector<DramSample> samples = {{100, {.total_bytes = 0, .host_bytes = 1}},
                                           {200, {.total_bytes = 5}}};
  EXPECT_EQ(grown(samples, 100, 200, host), std::nullopt);
  EXPECT_EQ(grown({samples[0]}, 100, 200, total), std::nullopt);
}

/// Grows by a byte per nanosecond, and makes a file when it has been read often enough.
class Clockwork final : public measure::DramMeter {
 public:
  static constexpr int enough = 10;

  explicit Clockwork(std::string told) : told_(std::move(told)) {}

  std::string_view name() const override { return "clockwork"; }
  std::string what() const override { return "time"; }
  Status available() override { return {}; }
  Status start() override {
    begun_ns_ = monotonic_ns();
    return {};
  }
  Result<measure::DramReading> read() override {
    if (++reads_ == enough) std::ofstream(told_) << "read";
    return measure::DramReading{.total_bytes = monotonic_ns() - begun_ns_};
  }
  int reads() const { return reads_; }

 private:
  std::string told_;
  std::uint64_t begun_ns_ = 0;
  int reads_ = 0;
};

TEST(SampledRun, reads_the_meter_while_a_program_runs) {
  const Sandbox sandbox;
  Clockwork meter(sandbox.path("read"));
  const launch::JobPlan plan{.ranks = 1, .fabric = "shm", .host_cpus = {0}};
  const std::string until_read = "until [ -e " + sandbox.path("read") + " ]; do sleep 0.02; done\n";
  const launch::Launcher launcher{.path = sandbox.script("launcher", until_read + "exit 3"),
                                  .flavour = "mpich",
                                  .self = "/bin/true"};
  int exit_code = 0;
  const auto run = run_sampled(meter, plan, launcher, {"/bin/true"}, {}, exit_code);
  EXPECT_FALSE(run.ok());
  EXPECT_EQ(exit_code, 3);
  EXPECT_GE(meter.reads(), Clockwork::enough);
}

TEST(TaskGroup, processes_join_the_group_of_their_side) {
  const Sandbox sandbox;
  const TaskFiles groups{.host = sandbox.file("host", ""), .engine = sandbox.file("engine", "")};
  for (const auto& [name, value] : launch::task_group_environment(groups)) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  EXPECT_TRUE(launch::join_task_group(launch::Side::engine).ok());
  EXPECT_EQ(sandbox.read("engine"), std::to_string(getpid()));
  EXPECT_EQ(sandbox.read("host"), "");
  for (const auto& [name, value] : launch::task_group_environment(groups)) unsetenv(name.c_str());
  EXPECT_TRUE(launch::join_task_group(launch::Side::host).ok());  // nobody asked for groups
  EXPECT_EQ(sandbox.read("host"), "");
  EXPECT_TRUE(launch::task_group_environment({}).empty());
}

}  // namespace
}  // namespace buddy::tools
