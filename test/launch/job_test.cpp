// run_job() with a launcher and engines of our own, so that they can misbehave.
#include "launch/job.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "support/sandbox.hpp"

namespace buddy::launch {
namespace {

using buddy::testing::processes_with;
using buddy::testing::Sandbox;
using buddy::testing::shm_of;

/// A launcher that starts "-n N" processes, like a real one.
constexpr const char* good_launcher = R"(
while [ "$1" != -n ]; do shift; done
n=$2; shift 2; rank=0; pids=
while [ $rank -lt $n ]; do
  PMI_RANK=$rank MPI_LOCALRANKID=$rank MPI_LOCALNRANKS=$n "$@" &
  pids="$pids $!"; rank=$((rank + 1))
done
trap 'kill $pids; wait; exit 143' TERM
code=0
for pid in $pids; do wait $pid || code=$?; done
exit $code
)";

/// Stands for `buddy`: ranks are started as they are, engines announce themselves and wait.
constexpr const char* good_self = R"(
if [ "$1" = exec-rank ]; then shift 2; exec "$@"; fi
while [ "$1" != --ready-fd ]; do shift; done
echo $$ >> $SANDBOX/engines
printf r >/proc/self/fd/"$2"
trap 'exit 0' TERM
while :; do sleep 0.02; done
)";

class JobTest : public ::testing::Test {
 protected:
  void SetUp() override {
    launcher_ = {.path = sandbox_.script("launcher", good_launcher),
                 .flavour = "mpich",
                 .self = sandbox_.script("self", good_self)};
    setenv("SANDBOX", sandbox_.path().c_str(), 1);
  }
  void TearDown() override {
    EXPECT_EQ(processes_with("SANDBOX", sandbox_.path()).size(), 0u);
    EXPECT_EQ(shm_of(getpid()).size(), 0u);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
    unsetenv("SANDBOX");
  }

  JobOutcome run(Place placement, const std::string& text, int nodes = 1) {
    const JobPlan plan{
        .ranks = 2, .nodes = nodes, .placement = placement, .fabric = "shm", .host_cpus = {0}};
    return run_job(plan, launcher_, {"/bin/sh", "-c", text});
  }

  Sandbox sandbox_;
  Launcher launcher_;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(JobTest, runs_all_ranks) {
  const JobOutcome outcome = run(Place::host, "echo $PMI_RANK > $SANDBOX/rank$PMI_RANK");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.message;
  EXPECT_TRUE(sandbox_.has("rank0") && sandbox_.has("rank1"));
  EXPECT_FALSE(sandbox_.has("engines"));
}

TEST_F(JobTest, starts_an_engine_per_node_before_the_ranks) {
  const JobOutcome outcome =
      run(Place::engine, "wc -l < $SANDBOX/engines > $SANDBOX/seen$PMI_RANK", 2);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.message;
  EXPECT_EQ(sandbox_.read("seen0"), "2\n");
}

TEST_F(JobTest, passes_the_programs_exit_code_on) {
  const JobOutcome outcome = run(Place::host, "exit 7");
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_FALSE(outcome.message.empty());
}

TEST_F(JobTest, tells_time_while_it_waits) {
  int ticks = 0;
  const JobPlan plan{.ranks = 1, .fabric = "shm", .host_cpus = {0}};
  run_job(plan, launcher_, {"/bin/sleep", "0.9"}, {}, {.tick = [&] { ++ticks; }});
  EXPECT_GE(ticks, 3);
}

TEST_F(JobTest, a_launcher_that_is_not_there_is_an_error) {
  launcher_.path = sandbox_.path("no-launcher");
  const JobOutcome outcome = run(Place::engine, "true");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(contains(outcome.message, "no-launcher")) << outcome.message;
}

TEST_F(JobTest, an_engine_that_does_not_start_is_an_error) {
  launcher_.self = sandbox_.script("self", "exit 4");
  const JobOutcome outcome = run(Place::engine, "touch $SANDBOX/ran");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(contains(outcome.message, "node 0 did not start (it ended with exit code 4)"))
      << outcome.message;
  EXPECT_FALSE(sandbox_.has("ran"));
}

TEST_F(JobTest, an_engine_that_dies_stops_the_ranks) {
  const JobOutcome outcome =
      run(Place::engine, "[ $PMI_RANK = 0 ] && kill -9 $(head -1 $SANDBOX/engines); sleep 100", 2);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(contains(outcome.message, "the engine of node")) << outcome.message;
  EXPECT_TRUE(contains(outcome.message, "killed by signal 9")) << outcome.message;
}

TEST_F(JobTest, an_engine_that_ends_badly_is_an_error) {
  launcher_.self = sandbox_.script("self", R"(
if [ "$1" = exec-rank ]; then shift 2; exec "$@"; fi
while [ "$1" != --ready-fd ]; do shift; done
printf r >/proc/self/fd/"$2"
trap 'exit 9' TERM
while :; do sleep 0.02; done)");
  const JobOutcome outcome = run(Place::engine, "true");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(contains(outcome.message, "exit code 9")) << outcome.message;
}

TEST_F(JobTest, what_a_program_leaves_running_is_ended) {
  const JobOutcome outcome = run(Place::host, "sleep 100 > /dev/null 2>&1 & true");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.message;
}

TEST_F(JobTest, ranks_of_a_killed_launcher_are_ended) {
  const JobOutcome outcome = run(Place::host, "[ $PMI_RANK = 0 ] && kill -9 $PPID; sleep 100");
  EXPECT_EQ(outcome.exit_code, 137);
  EXPECT_TRUE(contains(outcome.message, "launcher")) << outcome.message;
}

TEST_F(JobTest, a_launcher_that_outlives_a_failed_rank_is_stopped) {
  launcher_.path = sandbox_.script("launcher", R"(
echo "1 4711 0 11" > $BUDDY_JOB_DIR/failures
trap 'exit 0' TERM
while :; do sleep 0.02; done)");
  const auto start = std::chrono::steady_clock::now();
  const JobOutcome outcome = run(Place::host, "true");
  EXPECT_EQ(outcome.exit_code, 139);
  EXPECT_TRUE(contains(outcome.message, "rank 1, process 4711, was killed by signal 11"))
      << outcome.message;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace buddy::launch
