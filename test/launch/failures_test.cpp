#include "launch/failures.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include "support/sandbox.hpp"

namespace buddy::launch {
namespace {

using buddy::testing::Sandbox;

bool is_readable(const UniqueFd& fd) {
  pollfd entry{fd.get(), POLLIN, 0};
  return poll(&entry, 1, 0) == 1;
}

TEST(Failures, the_first_one_counts) {
  const Sandbox sandbox;
  EXPECT_FALSE(first_failure(sandbox.path()).has_value());
  record_failure(sandbox.path(), {.rank = 3, .pid = 77, .state = {.code = 0, .signal = 11}});
  record_failure(sandbox.path(), {.rank = 0, .pid = 78, .state = {.code = 1, .signal = 0}});
  const auto first = first_failure(sandbox.path());
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->rank, 3);
  EXPECT_EQ(first->pid, 77);
  EXPECT_EQ(first->state.exit_code(), 139);
}

TEST(Failures, a_watcher_sees_them_come) {
  const Sandbox sandbox;
  const UniqueFd watcher = watch_directory(sandbox.path());
  ASSERT_TRUE(static_cast<bool>(watcher));
  EXPECT_FALSE(is_readable(watcher));
  record_failure(sandbox.path(), {.rank = 1, .pid = 2, .state = {.code = 5, .signal = 0}});
  EXPECT_TRUE(is_readable(watcher));
  drain(watcher);
  EXPECT_FALSE(is_readable(watcher));
}

}  // namespace
}  // namespace buddy::launch
