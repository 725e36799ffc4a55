#include "measure/cache/cache_geometry.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "support/fake_tree.hpp"

namespace buddy::measure {
namespace {

using testing::FakeTree;

void add_cache(const FakeTree& tree, const std::string& index, const std::string& level,
               const std::string& type, const std::string& size, const std::string& ways) {
  const std::string folder = "cache/" + index + "/";
  tree.file(folder + "level", level);
  tree.file(folder + "type", type);
  tree.file(folder + "size", size);
  tree.file(folder + "ways_of_associativity", ways);
  tree.file(folder + "coherency_line_size", "64");
}

TEST(CacheGeometry, is_that_of_the_highest_level) {
  const FakeTree tree;
  add_cache(tree, "index0", "1", "Data", "32K", "8");
  add_cache(tree, "index3", "3", "Unified", "32768K", "16");
  add_cache(tree, "index2", "2", "Unified", "512K", "8");
  const auto cache = last_level_cache(tree.root());
  ASSERT_TRUE(cache.ok());
  EXPECT_EQ(cache.value().text(), "33554432,16,64");
  EXPECT_EQ(cache.value().sets(), 32768U);
}

TEST(CacheGeometry, that_is_not_described_is_an_error) {
  const FakeTree tree;
  EXPECT_FALSE(last_level_cache(tree.root()).ok());
  add_cache(tree, "index0", "3", "Unified", "", "16");
  EXPECT_FALSE(last_level_cache(tree.root()).ok());
}

TEST(CacheGeometry, that_no_simulator_takes_counts_as_not_described) {
  const FakeTree tree;
  add_cache(tree, "index3", "3", "Unified", "2097152K", "16");
  EXPECT_FALSE(last_level_cache(tree.root()).ok());
  add_cache(tree, "index3", "3", "Unified", "18446744073709551615M", "16");
  EXPECT_FALSE(last_level_cache(tree.root()).ok());
}

// Virtual machines often describe none at all.
TEST(SimulatedCache, is_the_one_asked_for_or_this_machines_or_assumed) {
  const FakeTree tree;
  const SimulatedCache assumed = cache_to_simulate(std::nullopt, tree.root());
  EXPECT_EQ(assumed.geometry.text(), "33554432,16,64");
  EXPECT_EQ(assumed.source, CacheSource::assumed);
  add_cache(tree, "index2", "2", "Unified", "512K", "8");
  const SimulatedCache machine = cache_to_simulate(std::nullopt, tree.root());
  EXPECT_EQ(machine.geometry.text(), "524288,8,64");
  EXPECT_EQ(machine.source, CacheSource::machine);
  const SimulatedCache asked = cache_to_simulate(CacheGeometry{65536, 4, 64}, tree.root());
  EXPECT_EQ(asked.geometry.text(), "65536,4,64");
  EXPECT_EQ(asked.source, CacheSource::asked);
}

// Simulators index sets by bits of the address.
TEST(CacheGeometry, always_has_a_power_of_two_of_sets) {
  for (const std::uint64_t mebibytes : {1U, 12U, 24U, 33U, 35U, 96U, 480U}) {
    for (const std::uint64_t ways : {8U, 11U, 12U, 15U, 16U, 20U}) {
      const std::uint64_t bytes = mebibytes << 20;
      const CacheGeometry cache = fitting_geometry(bytes, ways, 64);
      SCOPED_TRACE(cache.text());
      EXPECT_TRUE(std::has_single_bit(cache.sets()));
      EXPECT_GE(cache.ways, ways);
      EXPECT_LE(cache.bytes, bytes);
      EXPECT_GT(cache.bytes, bytes - bytes / 8);
    }
  }
}

TEST(CacheGeometry, shrinks_with_the_problem) {
  const CacheGeometry cache{33554432, 16, 64};
  EXPECT_EQ(cache.divided_by(1).text(), cache.text());
  EXPECT_EQ(cache.divided_by(8).text(), "4194304,16,64");
  EXPECT_EQ(cache.divided_by(1'000'000'000).text(), "1024,16,64");
}

}  // namespace
}  // namespace buddy::measure
