#include "launch/launcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace buddy::launch {
namespace {

const std::vector<int> four = {0, 1, 2, 3};

TEST(Launcher, starts_every_rank_through_exec_rank) {
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

JobPlan two_machines() {
  JobPlan plan;
  plan.ranks = 3;
  plan.hosts = {{.name = "a", .first_rank = 0, .ranks = 2},
                {.name = "b", .first_rank = 2, .ranks = 1}};
  return plan;
}

TEST(Launcher, puts_ranks_on_machines_in_the_order_of_the_file) {
  const Launcher open_mpi{.path = "mpirun", .flavour = "openmpi", .self = "buddy"};
  const Launcher mpich{.path = "mpiexec", .flavour = "mpich", .self = "buddy"};
  EXPECT_EQ(launcher_hosts(two_machines(), open_mpi), "a\na\nb\n");
  EXPECT_EQ(launcher_hosts(two_machines(), mpich), "a:2\nb:1\n");
  EXPECT_EQ(launcher_command(two_machines(), mpich, "/d", {"prog"}, {"KEY"}),
            (std::vector<std::string>{"mpiexec", "-f", "/d/hosts", "-n", "3", "buddy", "exec-rank",
                                      "--", "prog"}));
  const auto command = launcher_command(two_machines(), open_mpi, "/d", {"prog"}, {"KEY"});
  const auto follows = [&](const char* word, const char* next) {
    const auto found = std::find(command.begin(), command.end(), word);
    return found != command.end() && std::next(found) != command.end() && *std::next(found) == next;
  };
  EXPECT_TRUE(follows("--map-by", "seq"));
  EXPECT_TRUE(follows("--hostfile", "/d/hosts"));
  EXPECT_TRUE(follows("-x", "KEY"));
}

// A value would be seen by everybody who lists processes.
TEST(Launcher, passes_variables_by_name) {
  setenv("BUDDY_HANG_SECONDS", "1234567", 1);
  const auto names = variables_to_pass({{"BUDDY_JOB_KEY", "secret"}, {"OTHER", "x"}});
  const auto has = [&](const char* name) {
    return std::count(names.begin(), names.end(), name) == 1;
  };
  EXPECT_TRUE(has("BUDDY_JOB_KEY"));
  EXPECT_TRUE(has("OTHER"));
  EXPECT_TRUE(has("BUDDY_HANG_SECONDS"));
  EXPECT_FALSE(has("PATH"));
  unsetenv("BUDDY_HANG_SECONDS");
  for (const std::string& word : launcher_command(
           two_machines(), {.path = "m", .flavour = "openmpi", .self = "b"}, "/d", {"p"}, names)) {
    EXPECT_EQ(word.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace buddy::launch
