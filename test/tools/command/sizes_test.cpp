#include "tools/command/sizes.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

TEST(Sizes, of_bytes_have_units_of_1024) {
  for (const char* text : {"65536", "64k", "64K", "64Ki", "64KB", "64KiB", "65536B", "2^16"}) {
    EXPECT_EQ(parse_bytes(text), 65536U) << text;
  }
  EXPECT_EQ(parse_bytes("1M"), 1U << 20);
  EXPECT_EQ(parse_bytes("2GiB"), std::uint64_t{2} << 30);
  for (const char* text : {"", "B", "K", "1.5M", "-1", "64 K", "64kb", "99999999999T"}) {
    EXPECT_FALSE(parse_bytes(text)) << text;
  }
}

// workloads/common/count.cpp reads the same.
TEST(Sizes, of_counts_have_units_of_1000_and_powers) {
  EXPECT_EQ(parse_count("500k"), 500'000U);
  EXPECT_EQ(parse_count("16M"), 16'000'000U);
  EXPECT_EQ(parse_count("4Ki"), 4096U);
  EXPECT_EQ(parse_count("10^6"), 1'000'000U);
  EXPECT_EQ(parse_count("3<<20"), std::uint64_t{3} << 20);
  for (const char* text : {"", "k", "1KB", "2^64", "1<<64", "2^", "<<3", "many"}) {
    EXPECT_FALSE(parse_count(text)) << text;
  }
}

}  // namespace
}  // namespace buddy::tools
