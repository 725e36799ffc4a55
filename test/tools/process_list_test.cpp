#include "tools/process_list.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace buddy::tools {
namespace {

TEST(ProcessList, holds_this_process) {
  const auto all = all_processes();
  EXPECT_NE(std::find(all.begin(), all.end(), getpid()), all.end());
  EXPECT_NE(read_proc(getpid(), "cmdline").find("tools_test"), std::string::npos);
}

TEST(ProcessList, what_is_not_there_is_empty) {
  EXPECT_EQ(read_proc(getpid(), "no-such-file"), "");
  EXPECT_EQ(read_proc(-1, "cmdline"), "");
}

// Reading the files of processes that come and go never fails: it once threw when a process ended
// between opening its file and reading it.
TEST(ProcessList, processes_may_end_while_they_are_read) {
  const pid_t parent = getpid();
  const pid_t breeder = fork();
  if (breeder == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == parent) {
      const pid_t child = fork();
      if (child == 0) _exit(0);
      waitpid(child, nullptr, 0);
    }
    _exit(0);
  }
  const auto limit = std::chrono::steady_clock::now() + std::chrono::milliseconds(800);
  std::size_t read = 0;
  while (std::chrono::steady_clock::now() < limit) {
    for (const pid_t pid : all_processes()) {
      if (pid > breeder) read += read_proc(pid, "cmdline").size() + read_proc(pid, "stat").size();
    }
  }
  kill(breeder, SIGKILL);
  waitpid(breeder, nullptr, 0);
  EXPECT_GT(read, 0u);
}

}  // namespace
}  // namespace buddy::tools
