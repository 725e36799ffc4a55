#include "base/cpu_quota.hpp"

#include <gtest/gtest.h>

#include "support/fake_tree.hpp"

namespace buddy {
namespace {

using measure::testing::FakeTree;

std::optional<double> throttled(const FakeTree& tree) {
  return read_throttled_seconds(tree.path("proc"), tree.path("cgroup"));
}

// A quota of any group above holds for the process, too.
TEST(CpuQuota, is_the_groups_and_that_of_those_above_it) {
  const FakeTree tree;
  tree.file("proc/self/cgroup", "3:cpuset:/\n0::/user/job");
  tree.file("cgroup/cpu.stat", "usage_usec 9000000");
  tree.file("cgroup/user/cpu.stat", "nr_throttled 2\nthrottled_usec 500000");
  tree.file("cgroup/user/job/cpu.stat",
            "usage_usec 7000000\nnr_periods 10\nnr_throttled 4\nthrottled_usec 2000000");
  tree.file("cgroup/user/other/cpu.stat", "throttled_usec 70000000");
  ASSERT_TRUE(throttled(tree));
  EXPECT_DOUBLE_EQ(*throttled(tree), 2.5);
}

TEST(CpuQuota, is_seen_from_within_a_container) {
  const FakeTree tree;
  tree.file("proc/self/cgroup", "0::/");
  tree.file("cgroup/cpu.stat", "nr_throttled 4\nthrottled_usec 1500000");
  ASSERT_TRUE(throttled(tree));
  EXPECT_DOUBLE_EQ(*throttled(tree), 1.5);
}

TEST(CpuQuota, is_not_known_where_nothing_tells) {
  const FakeTree tree;
  EXPECT_FALSE(throttled(tree));
  tree.file("proc/self/cgroup", "1:cpu:/");
  EXPECT_FALSE(throttled(tree));
  tree.file("proc/self/cgroup", "1:cpu:/\n0::/");
  EXPECT_FALSE(throttled(tree));
  tree.file("cgroup/cpu.stat", "usage_usec 9000000");
  EXPECT_FALSE(throttled(tree));
}

}  // namespace
}  // namespace buddy
