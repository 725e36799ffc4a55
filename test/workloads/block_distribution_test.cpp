#include "common/block_distribution.hpp"

#include <gtest/gtest.h>

#include "support/seeds.hpp"

namespace workloads {
namespace {

void check_row(const BlockDistribution& blocks, int ranks, std::uint64_t row) {
  const auto id = static_cast<std::uint32_t>(row);
  const int owner = blocks.owner(id);
  ASSERT_GE(owner, 0);
  ASSERT_LT(owner, ranks);
  ASSERT_LT(blocks.local(id, owner), blocks.size(owner));
  ASSERT_EQ(blocks.first_row(owner) + blocks.local(id, owner), row);
}

TEST(BlockDistribution, every_row_has_one_place) {
  for (int ranks = 1; ranks <= 9; ++ranks) {
    for (std::uint64_t rows = 0; rows <= 40; ++rows) {
      SCOPED_TRACE(testing::Message() << rows << " rows on " << ranks << " ranks");
      const BlockDistribution blocks(rows, ranks);
      std::uint64_t total = 0;
      for (int rank = 0; rank < ranks; ++rank) total += blocks.size(rank);
      EXPECT_EQ(total, rows);
      for (std::uint64_t row = 0; row < rows; ++row) check_row(blocks, ranks, row);
    }
  }
}

// The reciprocal must be exact at both ends of every block, up to the largest matrix.
TEST(BlockDistribution, is_exact_for_large_matrices) {
  buddy::test::for_each_seed(2000, [](std::uint64_t seed) {
    buddy::test::Random random(seed);
    const std::uint64_t rows =
        random.one_in(4) ? std::uint64_t{1} << 32 : (random.bits() >> random.between(32, 63)) + 1;
    const int ranks = static_cast<int>(random.between(1, 5000));
    const BlockDistribution blocks(rows, ranks);
    for (int i = 0; i < 50; ++i) {
      const int rank = static_cast<int>(random.below(static_cast<std::uint64_t>(ranks)));
      if (blocks.size(rank) == 0) continue;
      check_row(blocks, ranks, blocks.first_row(rank));
      check_row(blocks, ranks, blocks.first_row(rank) + blocks.size(rank) - 1);
      check_row(blocks, ranks, random.bits() % rows);
    }
    check_row(blocks, ranks, rows - 1);
  });
}

TEST(BlockDistribution, blocks_are_even) {
  const BlockDistribution blocks(1000000, 7);
  for (int rank = 0; rank < 6; ++rank) EXPECT_EQ(blocks.size(rank), 142858U);
  EXPECT_EQ(blocks.size(6), 142852U);
}

}  // namespace
}  // namespace workloads
