#include "measure/cache/cache_model.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "measure/cache/brute_force_cache.hpp"

namespace buddy::measure {
namespace {

constexpr std::uint64_t line = cache_line_bytes;

/// 2 sets of 2 ways over 4 sets of 2 ways: 4 and 8 lines.
CacheOptions small(LastLevel last = LastLevel::inclusive, bool dca = true) {
  CacheOptions options;
  options.levels = {{4 * line, 2}, {8 * line, 2}};
  options.last_level = last;
  options.dca = dca;
  return options;
}

// ---- by hand --------------------------------------------------------------------------------

TEST(CacheModel, reads_each_line_once) {
  CacheModel model(small());
  model.read(0, 4 * line);
  model.read(10, 1);
  EXPECT_EQ(model.traffic().dram_read_bytes, 4 * line);
  EXPECT_EQ(model.traffic().first_read_bytes, 4 * line);
  EXPECT_EQ(model.traffic().dram_write_bytes, 0u);
  EXPECT_EQ(model.traffic().misses, (std::vector<std::uint64_t>{4, 4}));
}

TEST(CacheModel, a_range_touches_every_line_it_reaches_into) {
  CacheModel model(small());
  model.read(line - 1, 2);
  EXPECT_EQ(model.traffic().dram_read_bytes, 2 * line);
  model.read(3 * line, 0);
  EXPECT_EQ(model.traffic().dram_read_bytes, 2 * line);
}

TEST(CacheModel, the_line_longest_not_used_goes_first) {
  CacheModel model(small());
  // Lines 0, 4 and 8 share a set of two ways at both levels.
  model.read(0, 1);
  model.read(4 * line, 1);
  model.read(8 * line, 1);  // evicts 0
  model.read(4 * line, 1);
  EXPECT_EQ(model.traffic().dram_read_bytes, 3 * line);
  model.read(0, 1);
  EXPECT_EQ(model.traffic().dram_read_bytes, 4 * line);
  EXPECT_EQ(model.traffic().first_read_bytes, 3 * line) << "line 0 was read before";
}

TEST(CacheModel, a_written_line_is_fetched_and_written_back_when_it_goes) {
  for (const LastLevel last : {LastLevel::inclusive, LastLevel::exclusive}) {
    CacheModel model(small(last));
    model.write(0, 1);
    EXPECT_EQ(model.traffic().dram_read_bytes, line);
    EXPECT_EQ(model.traffic().dram_write_bytes, 0u);
    for (std::uint64_t i = 1; i <= 8; ++i) model.read(4 * i * line, 1);
    EXPECT_EQ(model.traffic().dram_write_bytes, line);
  }
}

TEST(CacheModel, an_inclusive_last_level_takes_its_victims_from_the_core) {
  CacheModel model(small());
  model.read(0, 1);
  model.inbound(4 * line, line);
  model.inbound(8 * line, line);  // evicts 0 below, so it goes above
  model.read(0, 1);
  EXPECT_EQ(model.traffic().dram_read_bytes, 2 * line);
}

TEST(CacheModel, an_exclusive_last_level_adds_its_lines_to_the_cores) {
  CacheModel model(small(LastLevel::exclusive));
  // Of lines 0, 4, 8, 12 two fit the core's set and two the last level's.
  for (int round = 0; round < 3; ++round) {
    for (std::uint64_t i = 0; i < 4; ++i) model.read(4 * i * line, 1);
  }
  EXPECT_EQ(model.traffic().dram_read_bytes, 4 * line);
}

// ---- devices --------------------------------------------------------------------------------

TEST(DirectCacheAccess, a_buffer_that_is_used_again_causes_no_traffic) {
  CacheModel model(small());
  for (int packet = 0; packet < 100; ++packet) {
    model.inbound(0, 4 * line);
    model.read(0, 4 * line);
  }
  EXPECT_EQ(model.traffic().dram_bytes(), 0u);
}

TEST(DirectCacheAccess, without_it_every_line_is_written_and_read) {
  CacheModel model(small(LastLevel::inclusive, false));
  for (int packet = 0; packet < 100; ++packet) {
    model.inbound(0, 4 * line);
    model.read(0, 4 * line);
  }
  EXPECT_EQ(model.traffic().dram_write_bytes, 400 * line);
  EXPECT_EQ(model.traffic().dram_read_bytes, 400 * line);
  EXPECT_EQ(model.traffic().first_read_bytes, 0u) << "what came in is known";
}

TEST(DirectCacheAccess, a_buffer_larger_than_the_cache_leaks) {
  CacheModel model(small());
  for (int round = 0; round < 10; ++round) model.inbound(0, 16 * line);
  EXPECT_EQ(model.traffic().dram_write_bytes, (160 - 8) * line);
}

TEST(DirectCacheAccess, stays_inside_its_ways) {
  CacheOptions options = small();
  options.dca_ways = 1;
  CacheModel model(options);
  model.inbound(0, 8 * line);
  EXPECT_EQ(model.traffic().dram_write_bytes, 4 * line) << "one way of four sets";
  model.read(16 * line, 4 * line);
  EXPECT_EQ(model.traffic().dram_write_bytes, 4 * line) << "the core has the other way";
}

TEST(DirectCacheAccess, updates_a_line_wherever_it_is) {
  CacheOptions options = small();
  options.dca_ways = 1;
  CacheModel model(options);
  model.read(0, 1);
  model.read(4 * line, 1);  // in the second way
  model.inbound(0, line);
  model.inbound(4 * line, line);
  EXPECT_EQ(model.traffic().dram_write_bytes, 0u);
}

TEST(DirectCacheAccess, inbound_writes_discard_what_they_cover) {
  for (const LastLevel last : {LastLevel::inclusive, LastLevel::exclusive}) {
    CacheModel model(small(last, false));
    model.write(0, line);
    model.inbound(0, line);
    EXPECT_EQ(model.traffic().dram_write_bytes, line) << "the core's bytes are overwritten";
    model.write(0, line);
    model.inbound(0, line / 2);
    EXPECT_EQ(model.traffic().dram_write_bytes, 3 * line) << "half of them are not";
  }
}

TEST(DirectCacheAccess, a_part_of_an_absent_line_needs_the_rest) {
  CacheModel model(small());
  model.inbound(0, line / 2);
  EXPECT_EQ(model.traffic().dram_read_bytes, line);
  model.inbound(line / 2, line / 2);
  EXPECT_EQ(model.traffic().dram_read_bytes, line);
}

TEST(CacheModel, outbound_reads_change_nothing) {
  CacheModel model(small());
  model.write(0, line);
  model.outbound(0, line);
  EXPECT_EQ(model.traffic().dram_read_bytes, line) << "of the write";
  model.outbound(line, line);
  model.outbound(line, line);
  EXPECT_EQ(model.traffic().dram_read_bytes, 3 * line);
}

TEST(CacheModel, a_neighbours_write_lands_in_the_last_level) {
  CacheModel model(small(LastLevel::inclusive, false));
  model.neighbour_write(0, line);
  model.read(0, line);
  EXPECT_EQ(model.traffic().dram_bytes(), 0u) << "DCA or not";
}

// ---- against the textbook -------------------------------------------------------------------

enum class Step { read, write, inbound, outbound };

struct Case {
  CacheOptions options;
  std::vector<std::pair<Step, std::uint64_t>> steps;
};

Case random_case() {
  Case made;
  const auto core_ways = *rc::gen::inRange<std::uint32_t>(1, 5);
  const auto core_sets = *rc::gen::inRange<std::uint64_t>(1, 4);
  const auto last_ways = *rc::gen::inRange<std::uint32_t>(1, 7);
  const auto last_sets = *rc::gen::inRange<std::uint64_t>(1, 6);
  made.options.levels = {{core_sets * core_ways * line, core_ways},
                         {last_sets * last_ways * line, last_ways}};
  made.options.dca = *rc::gen::arbitrary<bool>();
  made.options.last_level =
      *rc::gen::arbitrary<bool>() ? LastLevel::inclusive : LastLevel::exclusive;
  const auto lines = *rc::gen::inRange<std::uint64_t>(1, 40);
  const auto step = rc::gen::element(Step::read, Step::write, Step::inbound, Step::outbound);
  made.steps = *rc::gen::container<std::vector<std::pair<Step, std::uint64_t>>>(
      rc::gen::pair(step, rc::gen::inRange<std::uint64_t>(0, lines)));
  return made;
}

void take_steps(const Case& random, CacheModel& model, test::TwoLevels& textbook) {
  for (const auto& [step, number] : random.steps) {
    const std::uint64_t address = number * line;
    switch (step) {
      case Step::read:
        model.read(address, line);
        textbook.access(number, false);
        break;
      case Step::write:
        model.write(address, line);
        textbook.access(number, true);
        break;
      case Step::inbound:
        model.inbound(address, line);
        textbook.inbound(number);
        break;
      case Step::outbound:
        model.outbound(address, line);
        textbook.outbound(number);
        break;
    }
  }
}

RC_GTEST_PROP(CacheModelProperty, counts_what_the_textbook_counts, ()) {
  const Case random = random_case();
  CacheModel model(random.options);
  test::TwoLevels textbook(random.options);
  take_steps(random, model, textbook);
  RC_ASSERT(model.traffic().dram_read_bytes == textbook.dram_reads * line);
  RC_ASSERT(model.traffic().dram_write_bytes == textbook.dram_writes * line);
  RC_ASSERT(model.traffic().misses[0] == textbook.core_misses);
  RC_ASSERT(model.traffic().misses[1] == textbook.last_misses);
}

// With three levels there is no textbook, but caches of more ways never read more (LRU has no
// Belady anomaly), and what a cache that holds everything reads is each line once.
RC_GTEST_PROP(CacheModelProperty, a_cache_that_holds_everything_reads_each_line_once, ()) {
  CacheOptions options;
  options.levels = {{2 * line, 1}, {8 * line, 2}, {64 * line, 64}};
  options.last_level = *rc::gen::arbitrary<bool>() ? LastLevel::inclusive : LastLevel::exclusive;
  CacheModel model(options);
  std::set<std::uint64_t> read;
  const auto numbers = *rc::gen::container<std::vector<std::pair<bool, std::uint64_t>>>(
      rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::inRange<std::uint64_t>(0, 64)));
  for (const auto& [writes, number] : numbers) {
    writes ? model.write(number * line, 1) : model.read(number * line, 1);
    read.insert(number);
  }
  RC_ASSERT(model.traffic().dram_read_bytes == read.size() * line);
  RC_ASSERT(model.traffic().dram_write_bytes == 0u);
}

// ---- options --------------------------------------------------------------------------------

TEST(CachePresets, are_caches) {
  for (const char* name : {"bluefield3", "x86"}) {
    const auto preset = cache_preset(name);
    ASSERT_TRUE(preset.ok()) << name;
    EXPECT_TRUE(check(preset.value()).ok()) << check(preset.value()).message();
  }
  EXPECT_EQ(cache_preset("vax").status().code(), ErrorCode::invalid_argument);
}

TEST(CachePresets, bluefield3_has_the_sizes_of_its_data_sheet) {
  const auto preset = cache_preset("bluefield3");
  ASSERT_TRUE(preset.ok());
  const auto& levels = preset.value().levels;
  ASSERT_EQ(levels.size(), 3u);
  EXPECT_EQ(levels[0].size_bytes, 64u << 10);
  EXPECT_EQ(levels[1].size_bytes, 512u << 10);
  EXPECT_EQ(levels[2].size_bytes, 16u << 20);
}

TEST(CachePresets, impossible_caches_are_refused) {
  const auto refused = [](std::vector<CacheShape> levels, std::uint32_t dca_ways = 0) {
    CacheOptions options;
    options.levels = std::move(levels);
    options.dca_ways = dca_ways;
    return check(options).code() == ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refused({{1024, 2}}));
  EXPECT_TRUE(refused({{1024, 0}, {2048, 2}}));
  EXPECT_TRUE(refused({{1000, 2}, {2048, 2}}));
  EXPECT_TRUE(refused({{0, 2}, {2048, 2}}));
  EXPECT_TRUE(refused({{4096, 2}, {2048, 2}}));
  EXPECT_TRUE(refused({{1024, 2}, {2048, 2}}, 3));
  EXPECT_FALSE(refused({{1024, 2}, {2048, 2}}, 2));
}

}  // namespace
}  // namespace buddy::measure
