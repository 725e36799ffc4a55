#include "tools/bench/workload_list.hpp"

#include <gtest/gtest.h>

#include "support/sandbox.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Sandbox;

TEST(WorkloadList, finds_programs_beside_the_command) {
  const Sandbox sandbox;
  sandbox.script("buddy-transpose", "true");
  sandbox.script("buddy-histogram", "true");
  sandbox.script("other", "true");
  sandbox.file("buddy-notes", "not a program");
  EXPECT_EQ(list_workloads(sandbox.path()), (std::vector<std::string>{"histogram", "transpose"}));
  EXPECT_EQ(find_workload(sandbox.path(), "transpose").value(), sandbox.path("buddy-transpose"));
}

// ./dev demo builds one of them.
TEST(WorkloadList, says_what_to_do_about_one_that_was_not_built) {
  const Sandbox sandbox;
  for (int others = 0; others < 2; ++others) {
    const auto path = find_workload(sandbox.path(), "histogram");
    ASSERT_FALSE(path.ok());
    EXPECT_NE(path.status().message().find("build all of them: ./dev build"), std::string::npos)
        << path.status().message();
    sandbox.script("buddy-transpose", "true");
  }
}

TEST(WorkloadList, names_those_that_exist) {
  const Sandbox sandbox;
  EXPECT_FALSE(find_workload(sandbox.path(), "histogramm").ok());
  sandbox.script("buddy-histogram", "true");
  const auto path = find_workload(sandbox.path(), "histogramm");
  ASSERT_FALSE(path.ok());
  EXPECT_NE(path.status().message().find("those that exist: histogram"), std::string::npos);
  EXPECT_TRUE(path.status().message().ends_with("did you mean 'histogram'?"));
  EXPECT_FALSE(find_workload(sandbox.path(), "../" + sandbox.path()).ok());
}

}  // namespace
}  // namespace buddy::tools
