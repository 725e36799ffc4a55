#include "common/permutation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace workloads {
namespace {

TEST(RandomPermutation, is_a_bijection_and_can_be_undone) {
  for (const std::uint64_t size : {1U, 2U, 3U, 4U, 5U, 16U, 17U, 1000U, 4096U, 4097U}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const RandomPermutation permutation(size, seed);
      std::vector<bool> hit(size);
      for (std::uint32_t x = 0; x < size; ++x) {
        const std::uint32_t y = permutation(x);
        ASSERT_LT(y, size);
        EXPECT_FALSE(hit[y]) << "size " << size << " seed " << seed;
        hit[y] = true;
        EXPECT_EQ(permutation.inverse(y), x);
      }
    }
  }
}

TEST(RandomPermutation, largest_size) {
  const RandomPermutation permutation(std::uint64_t{1} << 32U, 7);
  for (std::uint32_t x = 0; x < 1000; ++x) {
    EXPECT_EQ(permutation.inverse(permutation(x * 4000037U)), x * 4000037U);
  }
}

// Neighbours go to unrelated places: as many end up in the same quarter as by chance.
TEST(RandomPermutation, scatters_neighbours) {
  constexpr std::uint32_t size = 40000;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const RandomPermutation permutation(size, seed);
    int together = 0;
    for (std::uint32_t x = 0; x + 1 < size; ++x) {
      together += permutation(x) / 10000 == permutation(x + 1) / 10000 ? 1 : 0;
    }
    EXPECT_NEAR(together, size / 4.0, 6 * std::sqrt(size * 3.0 / 16)) << "seed " << seed;
  }
}

TEST(RandomPermutation, seeds_differ) {
  const RandomPermutation one(1000, 1);
  const RandomPermutation two(1000, 2);
  int same = 0;
  for (std::uint32_t x = 0; x < 1000; ++x) same += one(x) == two(x) ? 1 : 0;
  EXPECT_LT(same, 20);
}

}  // namespace
}  // namespace workloads
