#include "histogram/updates.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace workloads::histogram {
namespace {

TEST(TargetStream, stays_inside_and_covers_everything_evenly) {
  for (const std::uint64_t ranks : {1U, 2U, 3U, 7U}) {
    for (const std::uint64_t entries : {1U, 10U, 16U}) {
      constexpr int draws = 100000;
      std::vector<int> hits(ranks * entries);
      TargetStream targets({ranks, entries, 5}, 0);
      for (int i = 0; i < draws; ++i) {
        const Target target = targets.next();
        ASSERT_LT(target.rank, ranks);
        ASSERT_LT(target.index, entries);
        ++hits[target.rank * entries + target.index];
      }
      const double expected = static_cast<double>(draws) / static_cast<double>(hits.size());
      for (const int count : hits) EXPECT_NEAR(count, expected, 6 * std::sqrt(expected));
    }
  }
}

TEST(TargetStream, is_the_same_whoever_generates_it) {
  const TargetStream::Shape shape{5, 1000, 9};
  TargetStream here(shape, 3);
  TargetStream there(shape, 3);
  TargetStream other(shape, 4);
  int equal = 0;
  for (int i = 0; i < 1000; ++i) {
    const Target target = here.next();
    const Target again = there.next();
    const Target different = other.next();
    EXPECT_EQ(target.rank, again.rank);
    EXPECT_EQ(target.index, again.index);
    equal += static_cast<int>(target.rank == different.rank && target.index == different.index);
  }
  EXPECT_LT(equal, 10);
}

}  // namespace
}  // namespace workloads::histogram
