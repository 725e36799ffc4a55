#include "base/available_memory.hpp"

#include <gtest/gtest.h>

#include "support/fake_tree.hpp"

namespace buddy {
namespace {

using measure::testing::FakeTree;

std::optional<std::uint64_t> available(const FakeTree& tree) {
  return available_memory(tree.path("proc"), tree.path("cgroup"));
}

constexpr const char* meminfo =
    "MemTotal:       24000000 kB\nMemFree:         100000 kB\nMemAvailable:   2000000 kB";

TEST(AvailableMemory, is_what_the_kernel_says) {
  const FakeTree tree;
  EXPECT_FALSE(available(tree));
  tree.file("proc/meminfo", meminfo);
  EXPECT_EQ(available(tree), 2'000'000ULL << 10U);
}

TEST(AvailableMemory, is_less_where_a_group_leaves_less) {
  const FakeTree tree;
  tree.file("proc/meminfo", meminfo);
  tree.file("proc/self/cgroup", "0::/user/job");
  tree.file("cgroup/user/job/memory.max", "max");
  tree.file("cgroup/user/job/memory.current", "500");
  EXPECT_EQ(available(tree), 2'000'000ULL << 10U);
  tree.file("cgroup/user/memory.max", "1000000");
  tree.file("cgroup/user/memory.current", "700000");
  EXPECT_EQ(available(tree), 300'000U);
  tree.file("cgroup/user/memory.stat", "anon 400000\nfile 300000\ninactive_file 250000");
  EXPECT_EQ(available(tree), 550'000U);
  tree.file("cgroup/user/memory.current", "3000000");
  EXPECT_EQ(available(tree), 0U);
}

}  // namespace
}  // namespace buddy
