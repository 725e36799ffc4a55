#include "launch/process/process.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "support/sandbox.hpp"

namespace buddy::launch {
namespace {

using buddy::testing::eventually;
using buddy::testing::run_command;
using buddy::testing::Sandbox;

TEST(Process, says_how_a_program_ended) {
  EXPECT_TRUE(run_command({"/bin/sh", "-c", "exit 0"}).state.ok());
  const ExitState code = run_command({"/bin/sh", "-c", "exit 3"}).state;
  EXPECT_EQ(code.exit_code(), 3);
  EXPECT_EQ(code.describe(), "ended with exit code 3");
  const ExitState killed = run_command({"/bin/sh", "-c", "kill -SEGV $$"}).state;
  EXPECT_EQ(killed.exit_code(), 139);
  EXPECT_EQ(killed.describe(), "was killed by signal 11 (Segmentation fault)");
}

TEST(Process, environment_is_replaced_or_added) {
  const auto done = run_command({"/bin/sh", "-c", "echo $HOME:$BUDDY_X:$PATH"},
                                {{"HOME", "elsewhere"}, {"BUDDY_X", "a b"}});
  EXPECT_EQ(done.out.substr(0, 14), "elsewhere:a b:");
  EXPECT_GT(done.out.size(), 16u);  // PATH came along
}

TEST(Process, a_program_that_cannot_be_started_is_an_error) {
  const auto missing = spawn({.argv = {"/no/such/program"}});
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.status().message().find("No such file"), std::string::npos);
  const Sandbox sandbox;
  EXPECT_FALSE(spawn({.argv = {sandbox.file("text", "no program")}}).ok());
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);  // no process is left
}

TEST(Process, a_program_dies_with_the_process_that_started_it) {
  const Sandbox sandbox;
  const pid_t middle = fork();
  if (middle == 0) {
    const auto inner = spawn({.argv = {"/bin/sleep", "1000"}});
    sandbox.file("pid", std::to_string(inner.ok() ? inner.value() : -1) + "\n");
    raise(SIGKILL);
  }
  waitpid(middle, nullptr, 0);
  const pid_t inner = std::stoi(sandbox.read("pid"));
  ASSERT_GT(inner, 0);
  EXPECT_TRUE(eventually([&] { return !buddy::testing::is_running(inner); }));
}

TEST(Process, finds_programs_like_a_shell) {
  EXPECT_TRUE(find_program("sh").value().ends_with("/sh"));
  const Sandbox sandbox;
  EXPECT_EQ(find_program(sandbox.script("x", "true")).value(), sandbox.path("x"));
  for (const std::string& name : {std::string("no-such-program"), sandbox.path("no"),
                                  sandbox.path(), sandbox.file("text", "")}) {
    EXPECT_EQ(find_program(name).status().code(), ErrorCode::invalid_argument) << name;
  }
}

}  // namespace
}  // namespace buddy::launch
