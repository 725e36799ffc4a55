// Measuring, in a round or two: that it is done, plausible, and over when it should be.
#include "tools/calibrate/calibrator.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <thread>

#include "base/affinity.hpp"
#include "base/clock.hpp"
#include "support/sandbox.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::buddy_command;
using buddy::testing::Finished;
using buddy::testing::Running;
using buddy::testing::Sandbox;

struct Measured {
  Calibration calibration;
  std::vector<std::string> notes;
};

Measured measure(std::vector<int> cpus, const std::stop_token& stop = {}) {
  setenv("UCX_NET_DEVICES", "lo", 0);
  Measured measured;
  measured.calibration.cpus = std::move(cpus);
  std::thread([&] {  // which will be kept on one CPU
    measure_costs(measured.calibration, 2, stop,
                  [&](const std::string& note) { measured.notes.push_back(note); });
  })
      .join();
  return measured;
}

/// Positive, and far below what any machine takes, a busy one under a sanitizer included.
void expect_plausible(const Calibration& calibration, const measure::Cost& cost) {
  SCOPED_TRACE(cost.key);
  const std::optional<measure::Spread>& figure = calibration.*cost.figure;
  ASSERT_TRUE(figure.has_value());
  EXPECT_GT(figure->min, 0);
  EXPECT_LE(figure->min, figure->median);
  EXPECT_LE(figure->median, figure->max);
  const bool is_large = cost.unit == "ns/packet" || cost.unit == "us" || cost.unit == "ns";
  EXPECT_LT(figure->median, is_large ? 1e7 : 1e4);
}

TEST(Calibrator, measures_every_figure_with_two_cpus) {
  std::vector<int> cpus = allowed_cpus();
  if (cpus.size() < 2) return;  // what one CPU allows is the next test
  cpus.resize(2);
  const Measured measured = measure(cpus);
  for (const measure::Cost& cost : measure::costs) {
    // Two threads that answer each other give up early on cores with other work.
    const bool answers = cost.key == "core_distance_ns" || cost.key == "wake_us";
    if (!answers || measured.calibration.*cost.figure) {
      expect_plausible(measured.calibration, cost);
    }
  }
}

TEST(Calibrator, with_one_cpu_leaves_out_what_takes_two) {
  const Measured measured = measure({allowed_cpus().front()});
  for (const measure::Cost& cost : measure::costs) {
    const bool takes_two =
        cost.key.starts_with("ring_") || cost.key == "wake_us" || cost.key == "core_distance_ns";
    if (takes_two) {
      EXPECT_FALSE((measured.calibration.*cost.figure).has_value()) << cost.key;
    } else {
      expect_plausible(measured.calibration, cost);
    }
  }
  ASSERT_EQ(measured.notes.size(), 1u);
  EXPECT_NE(measured.notes[0].find("two CPUs"), std::string::npos) << measured.notes[0];
}

TEST(Calibrator, measures_nothing_on_a_cpu_that_is_not_there) {
  const Measured measured = measure({1023});
  ASSERT_EQ(measured.notes.size(), 1u);
  EXPECT_NE(measured.notes[0].find("CPU 1023"), std::string::npos) << measured.notes[0];
  EXPECT_FALSE(measured.calibration.append_ns_per_message.has_value());
}

TEST(Calibrator, ends_although_the_other_cpu_is_not_there) {
  const Measured measured = measure({allowed_cpus().front(), 1023});
  EXPECT_TRUE(measured.calibration.append_ns_per_message.has_value());
  EXPECT_FALSE(measured.calibration.ring_send_ns_per_byte.has_value());
  EXPECT_FALSE(measured.calibration.wake_us.has_value());
  EXPECT_FALSE(measured.notes.empty());
}

TEST(Calibrator, measures_nothing_once_asked_to_stop) {
  std::stop_source stop;
  stop.request_stop();
  const std::uint64_t start = monotonic_ns();
  const Measured measured = measure({allowed_cpus().front()}, stop.get_token());
  EXPECT_LT(monotonic_ns() - start, 10'000'000'000u);
  EXPECT_FALSE(measured.calibration.append_ns_per_message.has_value());
}

// Beside other work it stores nothing, and says why.
TEST(CalibrateCommand, writes_what_can_be_read_or_nothing) {
  const Sandbox sandbox;
  const std::string cpu = std::to_string(allowed_cpus().front());
  const std::string path = sandbox.path("figures.json");
  const Finished run =
      buddy::testing::run_command({buddy_command(), "calibrate", "--cpus", cpu, "--output", path});
  EXPECT_NE(run.out.find("ns/message"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find("two CPUs"), std::string::npos) << run.err;
  if (run.state.exit_code() != 0) {
    EXPECT_EQ(run.state.exit_code(), 1);
    EXPECT_NE(run.err.find("nothing was stored: "), std::string::npos) << run.err;
    EXPECT_FALSE(sandbox.has("figures.json"));
    return;
  }
  const auto read = read_calibration(path);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read.value().command,
            (std::vector<std::string>{"buddy", "calibrate", "--cpus", cpu, "--output", path}));
  EXPECT_EQ(read.value().cpus, std::vector<int>{allowed_cpus().front()});
  EXPECT_TRUE(read.value().network_ns_per_packet.has_value());
}

TEST(CalibrateCommand, ends_on_a_signal_and_leaves_nothing) {
  const Sandbox sandbox;
  Running running({buddy_command(), "calibrate", "--output", sandbox.path("figures.json")});
  // From its second thread on it measures, and listens to signals.
  const std::string tasks = "/proc/" + std::to_string(running.pid()) + "/task";
  EXPECT_TRUE(buddy::testing::eventually([&] {
    std::error_code gone;
    const std::filesystem::directory_iterator first(tasks, gone);
    return std::distance(begin(first), end(first)) > 1;
  }));
  kill(running.pid(), SIGINT);
  const Finished run = running.wait();
  EXPECT_EQ(run.state.exit_code(), 128 + SIGINT) << run.err;
  EXPECT_NE(run.err.find("stopped by a signal"), std::string::npos) << run.err;
  EXPECT_FALSE(sandbox.has("figures.json"));
  EXPECT_TRUE(buddy::testing::shm_of(running.pid()).empty());
}

TEST(CalibrateCommand, explains_wrong_usage) {
  const std::pair<std::vector<std::string>, const char*> lines[] = {
      {{"--cpus", "1000"}, "--cpus names CPU 1000"}, {{"--cpus", "0-"}, "write it like 0,2-3"},
      {{"--cpus", "0,0"}, "names CPU 0 twice"},      {{"more"}, "more"},
      {{"--", "program"}, "'program' is too much"},
  };
  for (const auto& [words, said] : lines) {
    std::vector<std::string> command = {buddy_command(), "calibrate"};
    command.insert(command.end(), words.begin(), words.end());
    const Finished run = buddy::testing::run_command(command);
    EXPECT_EQ(run.state.exit_code(), 2) << said;
    EXPECT_NE(run.err.find(said), std::string::npos) << run.err;
  }
}

}  // namespace
}  // namespace buddy::tools
