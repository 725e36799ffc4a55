#include "comm/objects.hpp"

#include <gtest/gtest.h>

#include <buddy/error.hpp>
#include <set>
#include <thread>
#include <vector>

namespace buddy::detail {
namespace {

TEST(Objects, a_handle_that_refers_to_nothing_is_an_error) {
  EXPECT_THROW(*Handle<int>(), Error);
  EXPECT_THROW(lookup_object(0xffffffffu), Error);
  EXPECT_THROW(lookup_object(next_free_block() * handles_in_block + 1), Error);
}

TEST(Objects, a_block_is_taken_once_and_all_before_it_with_it) {
  const std::uint32_t first = next_free_block();
  EXPECT_TRUE(take_block(first + 5));
  EXPECT_FALSE(take_block(first + 5));
  EXPECT_FALSE(take_block(first));
  EXPECT_EQ(next_free_block(), first + 6);
}

/// As the communicators of two threads do it, each with objects of its own.
TEST(Objects, threads_never_get_the_same_numbers) {
  constexpr int threads = 4;
  constexpr int blocks = 500;
  std::vector<std::vector<std::uint32_t>> taken(threads);
  std::vector<std::vector<int>> objects(threads, std::vector<int>(blocks));
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&taken, &objects, t] {
      const auto self = static_cast<std::size_t>(t);
      for (std::size_t i = 0; i < blocks; ++i) {
        std::uint32_t block = next_free_block();
        while (!take_block(block)) block = next_free_block();
        taken[self].push_back(block);
        store_object(block * handles_in_block, &objects[self][i]);
        ++*static_cast<int*>(lookup_object(block * handles_in_block));
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  std::set<std::uint32_t> all;
  for (const auto& each : taken) all.insert(each.begin(), each.end());
  EXPECT_EQ(all.size(), std::size_t{threads} * blocks);
  for (const auto& each : objects) {
    for (const int count : each) ASSERT_EQ(count, 1);
  }
}

}  // namespace
}  // namespace buddy::detail
