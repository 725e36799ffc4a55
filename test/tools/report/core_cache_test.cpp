#include "tools/report/core_cache.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "measure/cache/cache_geometry.hpp"

namespace buddy::tools {
namespace {

/// A machine that hwloc is told to see instead of this one.
class CoreCacheTest : public ::testing::Test {
 protected:
  void machine(const char* description) { setenv("HWLOC_SYNTHETIC", description, 1); }
  void TearDown() override { unsetenv("HWLOC_SYNTHETIC"); }
};

TEST_F(CoreCacheTest, is_shared_by_the_cores_below_the_last_level) {
  machine("pack:2 l3:2(size=67108864) l2:4(size=1048576) core:2 pu:2");
  const CoreCache cache = last_level_per_core();
  EXPECT_EQ(cache.bytes, (std::uint64_t{64} << 20U) / 8);
  EXPECT_FALSE(cache.assumed);
}

TEST_F(CoreCacheTest, is_the_second_level_where_there_is_no_third) {
  machine("pack:1 l2:4(size=524288) core:1 pu:1");
  EXPECT_EQ(last_level_per_core().bytes, std::uint64_t{512} << 10U);
}

TEST_F(CoreCacheTest, is_assumed_where_none_is_described) {
  machine("pack:1 core:4 pu:1");
  EXPECT_EQ(last_level_per_core().bytes, measure::assumed_last_level.bytes);
  EXPECT_TRUE(last_level_per_core().assumed);
}

}  // namespace
}  // namespace buddy::tools
