#include "measure/dram/dram_cachegrind.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/fake_tree.hpp"

namespace buddy::measure {
namespace {

using testing::FakeTree;

constexpr const char* cachegrind_file =
    "desc: I1 cache:         32768 B, 64 B, 8-way associative\n"
    "desc: LL cache:         33554432 B, 64 B, 16-way associative\n"
    "cmd: ./program --size 5\n"
    "events: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw\n"
    "fl=main.cpp\nfn=main\n3 10 1 1 4 1 1 2 1 1\n"
    "summary: 1000 20 7 400 30 11 200 10 5";

constexpr const char* callgrind_file =
    "# callgrind format\nversion: 1\nevents: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw\n"
    "summary: 5000 100 100 9 9 9 3 4\n"
    "fn=(1) main\n1 5000\n"
    "totals: 5000 100 100 9 9 9 3 4";

TEST(Cachegrind, bytes_are_last_level_misses_times_a_line) {
  const FakeTree tree;
  tree.file("rank.1", cachegrind_file);
  const auto misses = read_cache_misses(tree.path("rank.1"));
  ASSERT_TRUE(misses.ok()) << misses.status().message();
  EXPECT_EQ(misses.value().instructions, 1000U);
  EXPECT_EQ(misses.value().bytes(64), (7U + 11 + 5) * 64);
}

TEST(Cachegrind, callgrind_leaves_out_zeros_at_the_end) {
  const FakeTree tree;
  tree.file("rank.1", callgrind_file);
  const auto misses = read_cache_misses(tree.path("rank.1"));
  ASSERT_TRUE(misses.ok()) << misses.status().message();
  EXPECT_EQ(misses.value().bytes(64), 7U * 64);
}

TEST(Cachegrind, processes_are_added_up) {
  const FakeTree tree;
  tree.file("rank.1", cachegrind_file);
  tree.file("rank.22", callgrind_file);
  tree.file("engine.3", "events: Ir ILmr\nsummary: 1 1");
  EXPECT_EQ(sum_cache_misses(tree.root(), "rank.").value().bytes(64), 30U * 64);
  EXPECT_EQ(sum_cache_misses(tree.root(), "engine.").value().bytes(64), 64U);
  EXPECT_FALSE(sum_cache_misses(tree.root(), "other.").ok());
}

TEST(Cachegrind, unfinished_and_foreign_files_are_errors) {
  for (const char* text : {"", "events: Ir ILmr", "events: Ir\nsummary: 1 2",
                           "events: Ir ILmr\nsummary: 1 x", "summary: 5"}) {
    SCOPED_TRACE(text);
    const FakeTree tree;
    tree.file("rank.1", text);
    EXPECT_FALSE(read_cache_misses(tree.path("rank.1")).ok());
  }
  EXPECT_FALSE(read_cache_misses("/no/such/file").ok());
}

TEST(Cachegrind, words_name_the_tool_the_cache_and_the_file) {
  const CacheGeometry cache{33554432, 16, 64};
  const auto has = [](const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  const auto process = valgrind_words("/bin/valgrind", Counted::process, cache, "/x/rank.");
  EXPECT_EQ(process.front(), "/bin/valgrind");
  EXPECT_TRUE(has(process, "--tool=cachegrind"));
  EXPECT_TRUE(has(process, "--LL=33554432,16,64"));
  for (const char* first : {"--I1=32768,8,64", "--D1=32768,8,64"}) {
    EXPECT_TRUE(has(process, first)) << "valgrind would ask the processor";
  }
  EXPECT_TRUE(has(process, "--cachegrind-out-file=/x/rank.%p"));
  const auto region = valgrind_words("/bin/valgrind", Counted::region, cache, "/x/rank.");
  EXPECT_TRUE(has(region, "--tool=callgrind"));
  EXPECT_TRUE(has(region, "--LL=33554432,16,64") && has(region, "--D1=32768,8,64"));
  EXPECT_TRUE(has(region, "--collect-atstart=no"));
  EXPECT_TRUE(has(region, "--callgrind-out-file=/x/rank.%p"));
}

}  // namespace
}  // namespace buddy::measure
