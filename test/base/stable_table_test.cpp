#include "base/stable_table.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <thread>
#include <vector>

#include "support/seeds.hpp"

namespace buddy {
namespace {

/// A table gives nothing back: one that a test forgot would be a leak.
template <class T>
StableTable<T>& new_table() {
  static auto& all = *new std::deque<StableTable<T>>;
  return all.emplace_back();
}

TEST(StableTable, behaves_like_a_map_and_never_moves_a_slot) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    auto& table = new_table<int>();
    std::map<std::uint32_t, int> model;
    std::map<std::uint32_t, const int*> places;
    EXPECT_EQ(table.find(0), nullptr);
    EXPECT_EQ(table.find(~std::uint32_t{0}), nullptr);
    for (int i = 0; i < 1000; ++i) {
      const auto number = random.below(5000);
      table.slot(number) = i;
      model[number] = i;
      places.try_emplace(number, table.find(number));
    }
    for (const auto& [number, value] : model) {
      ASSERT_EQ(table.find(number), places[number]);
      ASSERT_EQ(*table.find(number), value) << number;
    }
  }
}

TEST(StableTable, new_slots_are_empty) {
  auto& table = new_table<int>();
  table.slot(1000) = 1;
  for (std::uint32_t number = 512; number < 1000; ++number) EXPECT_EQ(*table.find(number), 0);
}

TEST(StableTable, readers_see_whole_slots_while_others_grow_it) {
  static StableTable<std::atomic<std::uint32_t>> table;
  constexpr std::uint32_t count = 20'000;
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 2; ++t) {
    threads.emplace_back([t] {
      for (std::uint32_t i = t; i < count; i += 2) table.slot(i).store(i + 1);
    });
    threads.emplace_back([] {
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto* slot = table.find(i);
        const std::uint32_t value = slot == nullptr ? 0 : slot->load();
        ASSERT_TRUE(value == 0 || value == i + 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(table.find(i)->load(), i + 1);
}

}  // namespace
}  // namespace buddy
