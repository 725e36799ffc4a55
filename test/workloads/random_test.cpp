#include "common/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <set>

#include "support/seeds.hpp"

namespace workloads {
namespace {

TEST(MultiplyHigh, is_the_upper_half_of_the_product) {
  EXPECT_EQ(multiply_high(~std::uint64_t{0}, ~std::uint64_t{0}), ~std::uint64_t{0} - 1);
  EXPECT_EQ(multiply_high(std::uint64_t{1} << 63, 10), 5U);
  EXPECT_EQ(multiply_high(1, 1), 0U);
}

TEST(RandomStream, any_part_can_be_generated_alone) {
  buddy::test::for_each_seed(20, [](std::uint64_t seed) {
    RandomStream whole(seed);
    for (std::uint64_t skipped = 0; skipped < 100; ++skipped) {
      RandomStream part(seed, skipped);
      EXPECT_EQ(part.next(), whole.next());
    }
  });
}

TEST(RandomStream, bits_are_balanced) {
  constexpr int samples = 100000;
  std::array<int, 64> ones{};
  RandomStream random(stream_key(1, 2));
  for (int i = 0; i < samples; ++i) {
    const std::uint64_t word = random.next();
    for (std::size_t bit = 0; bit < 64; ++bit) ones[bit] += static_cast<int>(word >> bit & 1);
  }
  // 6 standard deviations of a fair coin.
  for (const int count : ones) EXPECT_NEAR(count, samples / 2.0, 6 * std::sqrt(samples / 4.0));
}

TEST(StreamKey, nearby_streams_are_unrelated) {
  std::set<std::uint64_t> keys;
  int differing_bits = 0;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    keys.insert(stream_key(1, number));
    keys.insert(stream_key(2, number));
    differing_bits += std::popcount(stream_key(1, number) ^ stream_key(1, number + 1));
  }
  EXPECT_EQ(keys.size(), 2000U);
  EXPECT_NEAR(differing_bits / 1000.0, 32, 1);
}

}  // namespace
}  // namespace workloads
