#include "tools/bench/small_problem.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

using Words = std::vector<std::string>;

TEST(SmallProblem, sends_fewer_messages_over_the_same_table) {
  const SmallProblem problem =
      smaller_problem("histogram", {"--updates", "16M", "--table", "2^22", "--work", "2"});
  EXPECT_EQ(problem.arguments, (Words{"--updates", "131072", "--table", "2^22", "--work", "2"}));
  EXPECT_EQ(problem.cache_divisor, 1U);
}

// Filling and checking a table of gigabytes takes minutes in a simulator.
TEST(SmallProblem, huge_tables_shrink_with_the_cache) {
  const SmallProblem problem =
      smaller_problem("histogram", {"--updates", "10M", "--table", "2^24"});
  EXPECT_EQ(problem.arguments, (Words{"--updates", "131072", "--table", "4194304"}));
  EXPECT_EQ(problem.cache_divisor, 4U);
  const SmallProblem grid = smaller_problem("transport", {"--grid=786431", "--cycles", "2"});
  EXPECT_EQ(grid.arguments, (Words{"--grid=262143", "--cycles", "2", "--particles", "4000"}));
  EXPECT_EQ(grid.cache_divisor, 3U);
  EXPECT_EQ(smaller_problem("indexgather", {"--requests", "9", "--table", "2^22"}).cache_divisor,
            1U);
}

TEST(SmallProblem, what_is_not_given_is_made_smaller_too) {
  EXPECT_EQ(smaller_problem("indexgather", {}).arguments, (Words{"--requests", "131072"}));
  EXPECT_EQ(smaller_problem("transport", {"--cycles=1", "--mesh", "16"}).arguments,
            (Words{"--cycles=1", "--mesh", "16", "--particles", "4000"}));
}

TEST(SmallProblem, graph_shrinks_with_the_cache) {
  const SmallProblem problem = smaller_problem("transpose", {"--scale=18", "--field", "16"});
  EXPECT_EQ(problem.arguments, (Words{"--scale=12", "--field", "16", "--rounds", "1"}));
  EXPECT_EQ(problem.cache_divisor, 64U);
  EXPECT_EQ(smaller_problem("bfs", {}).cache_divisor, 16U);  // 2^16 vertices by default
}

// In a cache of a few KiB Buddy's own buffers would miss, too.
TEST(SmallProblem, caches_shrink_by_no_more_than_they_must) {
  EXPECT_EQ(smaller_problem("transpose", {"--scale", "20"}).cache_divisor, 64U);
  EXPECT_EQ(smaller_problem("transpose", {"--scale", "20"}).arguments.at(1), "14");
  EXPECT_EQ(smaller_problem("transpose", {"--scale", "26"}).arguments.at(1), "16");
  EXPECT_EQ(smaller_problem("transpose", {"--scale", "26"}).cache_divisor, 1024U);
}

TEST(SmallProblem, input_of_a_file_is_worked_on_once) {
  EXPECT_EQ(smaller_problem("permute", {"--input", "web.mtx.gz"}).arguments,
            (Words{"--input", "web.mtx.gz", "--rounds", "1"}));
}

TEST(SmallProblem, memory_of_extra_work_shrinks_with_the_cache) {
  EXPECT_EQ(smaller_problem("transpose", {"--scale", "13", "--work", "4"}).arguments,
            (Words{"--scale", "12", "--work", "4", "--rounds", "1", "--work-memory", "33554432"}));
  EXPECT_EQ(
      smaller_problem("bfs", {"--scale", "14", "--work", "4", "--work-memory", "2^20"}).arguments,
      (Words{"--scale", "12", "--work", "4", "--work-memory", "262144"}));
}

TEST(SmallProblem, stays_as_it_is_where_it_is_small_or_not_known) {
  for (const Words& words :
       {Words{"--scale", "10"}, Words{"--input", "web.mtx.gz"}, Words{"--scale", "many"}}) {
    const SmallProblem problem = smaller_problem("bfs", words);
    EXPECT_EQ(problem.arguments, words);
    EXPECT_EQ(problem.cache_divisor, 1U);
  }
  EXPECT_EQ(smaller_problem("program", {"--scale", "20"}).arguments, (Words{"--scale", "20"}));
}

}  // namespace
}  // namespace buddy::tools
