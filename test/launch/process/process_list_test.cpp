#include "launch/process/process_list.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>

namespace buddy::launch {
namespace {

TEST(ProcessList, holds_this_process) {
  const auto all = all_processes();
  EXPECT_NE(std::find(all.begin(), all.end(), getpid()), all.end());
  EXPECT_NE(read_proc(getpid(), "cmdline").find("launch_test"), std::string::npos);
}

TEST(ProcessList, what_is_not_there_is_empty) {
  EXPECT_EQ(read_proc(getpid(), "no-such-file"), "");
  EXPECT_EQ(read_proc(-1, "cmdline"), "");
}

TEST(ProcessList, a_process_knows_itself_by_its_own_number) {
  EXPECT_EQ(own_number(getpid()), getpid());
  EXPECT_EQ(own_number(-1), 0);
  // The first process of a new namespace is its number 1.
  std::array<int, 2> up{};
  std::array<int, 2> down{};
  ASSERT_EQ(pipe2(up.data(), O_CLOEXEC), 0);
  ASSERT_EQ(pipe2(down.data(), O_CLOEXEC), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(down[1]);
    if (unshare(CLONE_NEWPID) != 0) _exit(77);
    const pid_t first = fork();
    char byte = 0;
    if (first == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) pause();
    }
    if (write(up[1], &first, sizeof first) == sizeof first) (void)!read(down[0], &byte, 1);
    kill(first, SIGKILL);
    waitpid(first, nullptr, 0);
    _exit(0);
  }
  close(up[1]);
  pid_t first = 0;
  if (read(up[0], &first, sizeof first) == sizeof first) {
    EXPECT_EQ(own_number(first), 1);
    EXPECT_NE(first, 1);
  } else {
    std::cout << "no namespaces of processes here" << std::endl;
  }
  for (const int fd : {up[0], down[0], down[1]}) close(fd);
  waitpid(parent, nullptr, 0);
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
}  // namespace buddy::launch
