// Commands that run a workload which is a shell script.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "support/sandbox.hpp"

namespace buddy::tools::testing {

/// `buddy` beside "buddy-fake": where workloads are looked for.
class FakeWorkload : public ::testing::Test {
 protected:
  /// \param script of the workload, which leaves a line in $SANDBOX/log for each run, and gets
  /// stuck in number $STUCK_AT
  explicit FakeWorkload(const char* script) : script_(script) {}
  void SetUp() override {
    std::filesystem::copy(buddy::testing::buddy_command(), sandbox_.path("buddy"));
    sandbox_.script("buddy-fake", script_);
  }
  buddy::testing::Finished run_line(const std::vector<std::string>& line,
                                    launch::Environment environment) const {
    environment.emplace_back("SANDBOX", sandbox_.path());
    return buddy::testing::run_command(line, environment);
  }
  /// Starts a command whose run of this number, warm-ups included, never ends, and stops it then.
  buddy::testing::Finished stop_line_at(const std::string& run,
                                        const std::vector<std::string>& line) const {
    buddy::testing::Running running(line, {{"SANDBOX", sandbox_.path()}, {"STUCK_AT", run}});
    EXPECT_TRUE(buddy::testing::eventually([&] {
      const std::string log = sandbox_.has("log") ? sandbox_.read("log") : "";
      return std::to_string(std::count(log.begin(), log.end(), '\n')) == run;
    }));
    kill(running.pid(), SIGINT);
    return running.wait();
  }
  buddy::testing::Sandbox sandbox_;

 private:
  const char* script_;
};

}  // namespace buddy::tools::testing
