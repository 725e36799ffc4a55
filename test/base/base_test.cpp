#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/affinity.hpp"
#include "base/clock.hpp"
#include "base/contract.hpp"
#include "base/counters.hpp"
#include "base/ids.hpp"
#include "base/processor.hpp"
#include "base/status.hpp"
#include "base/unique_fd.hpp"

namespace buddy {
namespace {

static_assert(!std::is_convertible_v<RankId, NodeId>);
static_assert(!std::is_convertible_v<int, RankId>);

TEST(Status, carries_a_code_and_a_message) {
  EXPECT_TRUE(Status().ok());
  const Status bad(ErrorCode::corrupt, "problem (why) what to do");
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.code(), ErrorCode::corrupt);
  EXPECT_NO_THROW(throw_if_error(Status()));
  try {
    throw_if_error(bad);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
    EXPECT_STREQ(error.what(), "problem (why) what to do");
  }
}

TEST(Result, is_a_value_or_a_reason) {
  Result<std::string> good(std::string("value"));
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good.value(), "value");
  EXPECT_TRUE(good.status().ok());
  const Result<std::string> bad(Status(ErrorCode::system, "no"));
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.status().code(), ErrorCode::system);
}

TEST(Counters, names_fit_the_counters) {
  const std::set<std::string_view> names(counter_names.begin(), counter_names.end());
  EXPECT_EQ(names.size(), counter_count) << "a name is missing or used twice";
  EXPECT_EQ(counter_names[static_cast<std::size_t>(Counter::polls)], "polls");
  EXPECT_EQ(counter_names[static_cast<std::size_t>(Counter::rejected_frames)], "rejected_frames");
  EXPECT_EQ(counter_names[static_cast<std::size_t>(Counter::cpu_ns)], "cpu_ns");
}

TEST(UniqueFd, closes_once) {
  const auto is_open = [](int fd) { return ::fcntl(fd, F_GETFD) != -1; };
  int number = -1;
  {
    UniqueFd fd(::dup(0));
    number = fd.get();
    ASSERT_TRUE(fd);
    UniqueFd other = std::move(fd);
    EXPECT_FALSE(fd);  // NOLINT(bugprone-use-after-move): what is left is empty
    EXPECT_TRUE(is_open(number));
    other = UniqueFd(::dup(0));
    EXPECT_NE(other.get(), -1);
    UniqueFd& same = other;
    other = std::move(same);
    EXPECT_TRUE(other);
    number = other.get();
  }
  EXPECT_FALSE(is_open(number));
  UniqueFd empty;
  empty.reset();
  EXPECT_FALSE(empty);
}

TEST(Affinity, lists_the_cores_of_this_thread) {
  const std::vector<int> cpus = allowed_cpus();
  ASSERT_FALSE(cpus.empty());
  EXPECT_TRUE(std::is_sorted(cpus.begin(), cpus.end()));
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpus.front()), &set);
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  ASSERT_EQ(::sched_setaffinity(0, sizeof set, &set), 0);
  EXPECT_EQ(allowed_cpus(), std::vector<int>{cpus.front()});
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(Clock, goes_forward) {
  const std::uint64_t before = monotonic_ns();
  const std::uint64_t cpu_before = thread_cpu_ns();
  while (thread_cpu_ns() - cpu_before < 1'000'000) cpu_relax();
  EXPECT_GE(monotonic_ns() - before, 900'000u);
  EXPECT_GE(process_cpu_ns(), thread_cpu_ns() - cpu_before);
}

TEST(Contract, aborts_in_checked_builds_only) {
  BUDDY_EXPECT(true);
#if BUDDY_CHECKED
  EXPECT_DEATH(BUDDY_EXPECT(1 == 2), "broken contract: 1 == 2");
#else
  int evaluated = 0;
  BUDDY_EXPECT(++evaluated == 0);
  EXPECT_EQ(evaluated, 0);
#endif
}

}  // namespace
}  // namespace buddy
