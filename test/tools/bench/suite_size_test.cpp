// How large the problems of `bench paper --size memory` become.
#include "tools/bench/suite_size.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

using Words = std::vector<std::string>;
using Kind = SuiteSize::Kind;

constexpr std::uint64_t mebi = std::uint64_t{1} << 20U;

Growth table() {
  return {
      .option = "--table", .own_memory = 2, .most_bytes = 300 * mebi, .rest = {"--updates", "5"}};
}

Growth matrix() {
  return {.option = "--scale",
          .unit = Growth::Unit::logarithm_of_all,
          .unit_bytes = 88,
          .own_memory = 4,
          .replicated_memory = 3,
          .most_bytes = 500 * mebi};
}

RankShare share(std::uint64_t cache, std::uint64_t memory) {
  return {.ranks = 2, .cache = {.bytes = cache}, .memory_bytes = memory};
}

SizedProblem sized(const Growth& growth, const RankShare& share,
                   const SuiteSize& size = {.kind = Kind::memory}) {
  const auto problem = size_problem("histogram", growth, size, share);
  EXPECT_TRUE(problem.ok()) << problem.status().message();
  return problem.ok() ? problem.value() : SizedProblem{};
}

TEST(SuiteSize, is_a_hundred_times_the_cache) {
  const SizedProblem problem = sized(table(), share(mebi, 5000 * mebi));
  EXPECT_EQ(problem.limit, SizeLimit::cache);
  EXPECT_EQ(problem.bytes_per_rank, 100 * mebi);
  EXPECT_EQ(problem.arguments, (Words{"--updates", "5", "--table", "13107200"}));
}

// A byte of the table takes two of the memory here.
TEST(SuiteSize, is_what_the_memory_allows) {
  const SizedProblem problem = sized(table(), share(mebi, 128 * mebi));
  EXPECT_EQ(problem.limit, SizeLimit::memory);
  EXPECT_EQ(problem.bytes_per_rank, 64 * mebi);
  EXPECT_EQ(sized(table(), share(mebi, 0)).bytes_per_rank, 8U);
}

TEST(SuiteSize, is_what_runs_in_seconds) {
  const SizedProblem problem = sized(table(), share(16 * mebi, 5000 * mebi));
  EXPECT_EQ(problem.limit, SizeLimit::time);
  EXPECT_EQ(problem.bytes_per_rank, 300 * mebi);
}

// Each rank has its rows, and something of all rows: 4 + 2 x 3 bytes for each byte of its own.
TEST(SuiteSize, of_a_matrix_is_a_power_of_two_of_rows) {
  const SizedProblem by_cache = sized(matrix(), share(mebi, 5000 * mebi));
  EXPECT_EQ(by_cache.limit, SizeLimit::cache);
  EXPECT_EQ(by_cache.arguments, (Words{"--scale", "21"}));  // 2^21 x 88 / 2 = 88 MiB
  EXPECT_EQ(by_cache.bytes_per_rank, 88 * mebi);
  const SizedProblem by_memory = sized(matrix(), share(mebi, 450 * mebi));
  EXPECT_EQ(by_memory.limit, SizeLimit::memory);
  EXPECT_EQ(by_memory.bytes_per_rank, 44 * mebi);
}

TEST(SuiteSize, that_was_asked_for_is_limited_by_memory_alone) {
  const SuiteSize asked{.kind = Kind::bytes, .bytes = 400 * mebi};
  const SizedProblem problem = sized(table(), share(mebi, 800 * mebi), asked);
  EXPECT_EQ(problem.limit, SizeLimit::asked);
  EXPECT_EQ(problem.bytes_per_rank, 400 * mebi);
  const auto large = size_problem("histogram", table(), asked, share(mebi, 799 * mebi));
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.status().code(), ErrorCode::invalid_argument);
  EXPECT_NE(large.status().message().find("800 MiB"), std::string::npos)
      << large.status().message();
}

// By its own name: nobody has typed the option that it becomes.
TEST(SuiteSize, that_the_option_does_not_take_is_refused) {
  Growth growth = table();
  growth.least_value = 16;
  growth.most_value = 1 << 20;
  const auto why = [&](std::uint64_t bytes) {
    const SuiteSize asked{.kind = Kind::bytes, .bytes = bytes};
    return size_problem("histogram", growth, asked, share(mebi, 800 * mebi)).status().message();
  };
  EXPECT_EQ(
      why(127),
      "--size 127: histogram cannot be so small (its tables or matrices take 128 bytes to 8.0 "
      "MiB on each of 2 ranks) choose a size between them");
  EXPECT_EQ(why(128), "");
  EXPECT_EQ(why(8 * mebi), "");
  EXPECT_NE(why(8 * mebi + 1).find("cannot be so large"), std::string::npos);
  // What memory decides is as small as can be.
  EXPECT_EQ(sized(growth, share(mebi, 0)).bytes_per_rank, 128U);
}

TEST(SuiteSize, ranks_of_a_machine_share_half_of_its_memory) {
  EXPECT_EQ(RankShare::of(4, 1, {}, 800 * mebi).memory_bytes, 100 * mebi);
  EXPECT_EQ(RankShare::of(5, 2, {}, 600 * mebi).memory_bytes, 100 * mebi);
}

TEST(SuiteSize, is_a_word_or_bytes) {
  EXPECT_EQ(parse_suite_size("cache").value().kind, Kind::cache);
  EXPECT_EQ(parse_suite_size("memory").value().kind, Kind::memory);
  EXPECT_EQ(parse_suite_size("256M").value().bytes, 256 * mebi);
  EXPECT_EQ(parse_suite_size("256M").value().text(), "268435456");
  for (const char* wrong : {"", "cahce", "-1", "0", "2^60"}) {
    EXPECT_EQ(parse_suite_size(wrong).status().code(), ErrorCode::invalid_argument) << wrong;
  }
}

TEST(SuiteSize, says_what_decided) {
  const RankShare here = share(16 * mebi, 5000 * mebi);
  const std::string text = format_size(sized(table(), here), here);
  EXPECT_NE(text.find("300 MiB a rank, 18.8 times the cache per core (time decides"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace buddy::tools
