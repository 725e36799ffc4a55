// `buddy run` as users have it, with the MPI launcher it was built with: however it ends, nothing
// is left behind. The programs are shells, so that this holds for programs that are not Buddy's.
#include <gtest/gtest.h>
#include <signal.h>

#include "base/affinity.hpp"
#include "support/sandbox.hpp"

namespace buddy::launch {
namespace {

using buddy::testing::buddy_command;
using buddy::testing::children_like;
using buddy::testing::eventually;
using buddy::testing::Finished;
using buddy::testing::processes_with;
using buddy::testing::Running;
using buddy::testing::Sandbox;
using buddy::testing::shm_of;

/// Rank number, whoever launched it.
constexpr const char* rank_line = "rank=${OMPI_COMM_WORLD_RANK:-$PMI_RANK}\n";

class Supervision : public ::testing::TestWithParam<const char*> {
 protected:
  /// `buddy run` with two ranks of a script.
  std::vector<std::string> command(const std::string& script) {
    return {buddy_command(),
            "run",
            "-n",
            "2",
            "--nodes",
            "2",
            "--placement",
            GetParam(),
            "--",
            sandbox_.script("program", rank_line + script)};
  }
  Environment marked() { return {{"SANDBOX", sandbox_.path()}}; }

  /// Runs until both ranks have started, does \p harm, and waits for the end.
  Finished run_and(const std::function<void(const Running&)>& harm) {
    Running run(command("echo $$ > $SANDBOX/pid$rank\nsleep 100\nexit 0\n"), marked());
    pid_ = run.pid();
    EXPECT_TRUE(eventually([&] { return !pid_of_rank(0).empty() && !pid_of_rank(1).empty(); }));
    harm(run);
    Finished finished = run.wait();
    expect_nothing_left();
    return finished;
  }
  std::string pid_of_rank(int rank) const {
    return sandbox_.has("pid" + std::to_string(rank)) ? sandbox_.read("pid" + std::to_string(rank))
                                                      : std::string();
  }
  void expect_nothing_left() {
    EXPECT_TRUE(eventually([&] { return processes_with("SANDBOX", sandbox_.path()).empty(); }));
    EXPECT_TRUE(eventually([&] { return shm_of(pid_).empty(); }));
  }

  Sandbox sandbox_;
  pid_t pid_ = 0;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_P(Supervision, success_is_silent) {
  const Finished run = buddy::testing::run_command(command("echo rank $rank\n"), marked());
  EXPECT_EQ(run.state.exit_code(), 0) << run.err;
  EXPECT_TRUE(contains(run.out, "rank 0\n") && contains(run.out, "rank 1\n")) << run.out;
  EXPECT_FALSE(contains(run.err, "buddy run:")) << run.err;
  expect_nothing_left();
}

TEST_P(Supervision, exit_code_is_the_programs) {
  const Finished run =
      buddy::testing::run_command(command("[ $rank = 1 ] && exit 5\nexit 0\n"), marked());
  EXPECT_EQ(run.state.exit_code(), 5) << run.err;
  EXPECT_TRUE(contains(run.err, "rank 1, process")) << run.err;
  EXPECT_TRUE(contains(run.err, "ended with exit code 5")) << run.err;
  expect_nothing_left();
}

TEST_P(Supervision, crash_is_reported_with_rank_and_signal) {
  const Finished run =
      buddy::testing::run_command(command("[ $rank = 1 ] && kill -SEGV $$\nsleep 100\n"), marked());
  EXPECT_EQ(run.state.exit_code(), 139) << run.err;
  EXPECT_TRUE(contains(run.err, "buddy run: the program failed (rank 1")) << run.err;
  EXPECT_TRUE(contains(run.err, "signal 11")) << run.err;
  expect_nothing_left();
}

TEST_P(Supervision, killed_rank_ends_the_job) {
  const Finished run = run_and([&](const Running&) { kill(std::stoi(pid_of_rank(0)), SIGKILL); });
  EXPECT_EQ(run.state.exit_code(), 137) << run.err;
  EXPECT_TRUE(contains(run.err, "rank 0")) << run.err;
}

TEST_P(Supervision, interrupt_ends_everything) {
  const Finished run = run_and([](const Running& running) { kill(running.pid(), SIGINT); });
  EXPECT_EQ(run.state.exit_code(), 130) << run.err;
  EXPECT_TRUE(contains(run.err, "stopped by signal 2")) << run.err;
}

TEST_P(Supervision, termination_ends_everything) {
  const Finished run = run_and([](const Running& running) { kill(running.pid(), SIGTERM); });
  EXPECT_EQ(run.state.exit_code(), 143) << run.err;
}

TEST_P(Supervision, killed_launcher_leaves_nothing) {
  const Finished run = run_and([](const Running& running) {
    for (const pid_t launcher : children_like(running.pid(), "exec-rank")) kill(launcher, SIGKILL);
  });
  EXPECT_EQ(run.state.exit_code(), 137) << run.err;
  EXPECT_TRUE(contains(run.err, "the MPI launcher failed")) << run.err;
}

TEST_P(Supervision, killed_command_leaves_nothing) {
  const Finished run = run_and([](const Running& running) { kill(running.pid(), SIGKILL); });
  EXPECT_EQ(run.state.exit_code(), 137);
}

INSTANTIATE_TEST_SUITE_P(placements, Supervision, ::testing::Values("host", "engine"),
                         [](const auto& test) { return std::string(test.param); });

TEST(EngineSupervision, killed_engine_stops_the_ranks_and_is_named) {
  const Sandbox sandbox;
  Running run({buddy_command(), "run", "-n", "2", "--placement", "engine", "--",
               sandbox.script("program", "touch $SANDBOX/started\nsleep 100\n")},
              {{"SANDBOX", sandbox.path()}});
  const pid_t pid = run.pid();
  EXPECT_TRUE(eventually([&] { return sandbox.has("started"); }));
  const auto engines = children_like(pid, "--listen");
  ASSERT_EQ(engines.size(), 1u);
  kill(engines[0], SIGKILL);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.state.exit_code(), 1) << finished.err;
  EXPECT_TRUE(contains(finished.err, "the engine of node 0 failed")) << finished.err;
  EXPECT_TRUE(eventually([&] { return processes_with("SANDBOX", sandbox.path()).empty(); }));
  EXPECT_TRUE(shm_of(pid).empty());
}

TEST(Pinning, ranks_run_on_the_host_cpus) {
  const Sandbox sandbox;
  const std::string cpu = std::to_string(allowed_cpus().back());
  const Finished run =
      buddy::testing::run_command({buddy_command(), "run", "-n", "2", "--host-cpus", cpu, "--",
                                   "/bin/grep", "Cpus_allowed_list", "/proc/self/status"});
  EXPECT_EQ(run.state.exit_code(), 0) << run.err;
  const std::string line = "Cpus_allowed_list:\t" + cpu + "\n";
  EXPECT_EQ(run.out, line + line);
}

}  // namespace
}  // namespace buddy::launch
