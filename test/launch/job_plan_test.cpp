#include "launch/job_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace buddy::launch {
namespace {

using Cpus = std::vector<int>;
const Cpus four = {0, 1, 2, 3};

std::string message_of(const JobOptions& options) {
  return plan_job(options, four).status().message();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(JobPlan, starts_a_rank_per_host_cpu_unless_told_otherwise) {
  EXPECT_EQ(plan_job({}, four).value().ranks, 4);
  EXPECT_EQ(plan_job({.engine_cpus = "3"}, four).value().ranks, 3);
  EXPECT_EQ(plan_job({.ranks = 64}, four).value().ranks, 64);
}

TEST(JobPlan, ranks_stay_off_the_engines_cpus) {
  EXPECT_EQ(plan_job({.engine_cpus = "1"}, four).value().host_cpus, (Cpus{0, 2, 3}));
  EXPECT_EQ(plan_job({.host_cpus = "2,0", .engine_cpus = "1"}, four).value().host_cpus,
            (Cpus{2, 0}));
  EXPECT_EQ(plan_job({.engine_cpus = "0"}, {0}).value().host_cpus, (Cpus{0}));
}

TEST(JobPlan, counts_cpus_that_ranks_can_keep_busy) {
  EXPECT_EQ(plan_job({.ranks = 2}, four).value().host_cpus_in_use(), 2);
  EXPECT_EQ(plan_job({.ranks = 8}, four).value().host_cpus_in_use(), 4);
}

TEST(JobPlan, counts_cpus_that_engines_can_keep_busy) {
  const auto cpus_in_use = [](const JobOptions& options) {
    return plan_job(options, four).value().engine_cpus_in_use();
  };
  constexpr Placement engine = Placement::engine;
  EXPECT_EQ(cpus_in_use({.ranks = 2}), 0);
  EXPECT_EQ(cpus_in_use({.ranks = 2, .placement = engine, .workers = 2}), 2);
  EXPECT_EQ(cpus_in_use({.ranks = 2, .nodes = 2, .placement = engine, .engine_cpus = "1"}), 1);
  EXPECT_EQ(cpus_in_use({.ranks = 2, .nodes = 2, .placement = engine, .workers = 4}), 4);
}

TEST(JobPlan, refuses_impossible_jobs_and_says_what_is_possible) {
  EXPECT_TRUE(contains(message_of({.ranks = 5000}), "1 to 4096"));
  EXPECT_TRUE(contains(message_of({.ranks = 0}), "0 ranks"));
  EXPECT_TRUE(contains(message_of({.ranks = -1}), "-1 ranks"));
  EXPECT_TRUE(contains(message_of({.ranks = 2, .nodes = 3}), "--nodes 1 to 2"));
  EXPECT_TRUE(contains(message_of({.ranks = 2, .nodes = 0}), "0 nodes"));
  EXPECT_TRUE(contains(message_of({.workers = 0}), "--workers"));
  EXPECT_TRUE(contains(message_of({.fabric = "tcp"}), "shm and ucx exist"));
  EXPECT_TRUE(contains(message_of({.host_cpus = "0,9"}), "--host-cpus names CPU 9"));
  EXPECT_TRUE(contains(message_of({.engine_cpus = "x"}), "--engine-cpus"));
}

TEST(JobPlan, environment_tells_ranks_where_they_are) {
  const auto plan = plan_job({.ranks = 4, .nodes = 2, .placement = Placement::engine}, four);
  const Environment environment = job_environment(plan.value(), "/dev/shm/dir", "key");
  const auto has = [&](const char* name, const char* value) {
    return std::find(environment.begin(), environment.end(),
                     std::pair<std::string, std::string>(name, value)) != environment.end();
  };
  EXPECT_TRUE(has("BUDDY_PLACEMENT", "engine"));
  EXPECT_TRUE(has("BUDDY_FABRIC", "shm"));
  EXPECT_TRUE(has("BUDDY_NODES", "2"));
  EXPECT_TRUE(has("BUDDY_JOB_DIR", "/dev/shm/dir"));
  EXPECT_TRUE(has("BUDDY_JOB_KEY", "key"));
  EXPECT_TRUE(has("BUDDY_HOST_CPUS", "0-3"));
}

TEST(JobPlan, launcher_starts_every_rank_through_exec_rank) {
  const auto plan = plan_job({.ranks = 3}, four).value();
  const std::vector<std::string> program = {"/bin/prog", "-x"};
  const std::vector<std::string> command = launcher_command(
      plan, {.path = "mpirun", .flavour = "mpich", .self = "buddy"}, "/d", program);
  EXPECT_EQ(command, (std::vector<std::string>{"mpirun", "-n", "3", "buddy", "exec-rank", "--",
                                               "/bin/prog", "-x"}));
  const auto open_mpi = launcher_command(
      plan, {.path = "mpirun", .flavour = "openmpi", .self = "buddy"}, "/d", program);
  const auto has = [](const std::vector<std::string>& words, const char* word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  for (const char* word :
       {"--oversubscribe", "orte_tmpdir_base", "/d", "shmem", "mmap", "exec-rank"}) {
    EXPECT_TRUE(has(open_mpi, word)) << word;
  }
  EXPECT_FALSE(has(open_mpi, "mpi_yield_when_idle"));
  const auto crowded = plan_job({.ranks = 3, .host_cpus = "0,1"}, four).value();
  EXPECT_TRUE(has(launcher_command(crowded, {.path = "mpirun", .flavour = "openmpi", .self = "b"},
                                   "/d", program),
                  "mpi_yield_when_idle"));
}

TEST(JobPlan, engines_of_all_nodes_take_cpus_in_order) {
  const auto plan = plan_job({.ranks = 4,
                              .nodes = 2,
                              .placement = Placement::engine,
                              .workers = 2,
                              .engine_cpus = "0-3"},
                             four)
                        .value();
  EXPECT_EQ(plan.engines(), 2);
  const auto command =
      engine_command(plan, {.path = {}, .flavour = {}, .self = "buddy"}, "/d", 1, 9);
  EXPECT_EQ(command,
            (std::vector<std::string>{"buddy", "engine", "--listen", "unix:/d/engine-1.sock",
                                      "--workers", "2", "--ready-fd", "9", "--cpus", "2-3"}));
}

}  // namespace
}  // namespace buddy::launch
