// The shared count alone; that valgrind counts nothing else is seen in test/tools/dram_test.sh.
#include "instrument/simulated_region.hpp"

#include <gtest/gtest.h>

#include "support/scratch.hpp"

namespace buddy {
namespace {

TEST(SimulatedRegion, is_not_there_unless_valgrind_runs_the_process) {
  EXPECT_EQ(SimulatedRegion::create(), nullptr);
}

TEST(SimulatedRegion, all_processes_see_how_many_ranks_are_inside) {
  const test::Scratch folder;
  auto rank = SimulatedRegion::open(folder.path());
  auto other_rank = SimulatedRegion::open(folder.path());
  auto engine = SimulatedRegion::open(folder.path());
  ASSERT_TRUE(rank.ok() && other_rank.ok() && engine.ok());
  EXPECT_EQ(engine.value()->inside(), 0U);
  rank.value()->begin();
  other_rank.value()->begin();
  EXPECT_EQ(engine.value()->inside(), 2U);
  engine.value()->follow();
  rank.value()->end();
  EXPECT_EQ(engine.value()->inside(), 1U);
  other_rank.value()->end();
  engine.value()->follow();
  EXPECT_EQ(engine.value()->inside(), 0U);
}

TEST(SimulatedRegion, folder_that_is_not_there_is_an_error) {
  const auto region = SimulatedRegion::open("/no/such/folder");
  ASSERT_FALSE(region.ok());
  EXPECT_NE(region.status().message().find("/no/such/folder"), std::string::npos);
}

}  // namespace
}  // namespace buddy
