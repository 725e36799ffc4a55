// Items that are larger than a block go alone, where the buffer has room for them.
#include "wire/block_builder.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/bodies.hpp"

namespace buddy::wire {
namespace {

constexpr std::size_t usual_bytes = 256;
constexpr std::size_t largest_bytes = 1024;

struct Small {
  Small() { block.attach(memory, Form::routed, usual_bytes); }
  std::vector<std::byte> memory = std::vector<std::byte>(largest_bytes + BlockBuilder::slack_bytes);
  BlockBuilder block;
};

test::Letter letter(std::size_t bytes, bool is_fixed) {
  return {.dest = 3, .handler = 7, .is_fixed = is_fixed, .payload = test::Bytes(bytes)};
}

TEST(BlockBuilder, is_full_at_its_capacity) {
  Small small;
  EXPECT_EQ(small.block.capacity(), usual_bytes);
  EXPECT_EQ(small.block.largest_body(), largest_bytes);
  std::size_t items = 0;
  while (test::append(small.block, letter(12, true))) ++items;
  EXPECT_EQ(items, (usual_bytes - sizeof(RunHeader)) / 16);
}

TEST(BlockBuilder, takes_a_larger_item_alone) {
  for (const bool is_fixed : {true, false}) {
    Small small;
    ASSERT_TRUE(test::append(small.block, letter(8, is_fixed)));
    EXPECT_FALSE(test::append(small.block, letter(600, is_fixed))) << "the block is not empty";
    small.block.clear();
    ASSERT_TRUE(test::append(small.block, letter(600, is_fixed)));
    EXPECT_FALSE(test::append(small.block, letter(200, is_fixed)));
    const auto letters = test::read_letters(small.block.finish(), Form::routed);
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_EQ(letters[0], letter(600, is_fixed));
    EXPECT_EQ(small.block.records(), 1u);
    EXPECT_EQ(small.block.payload_bytes(), 600u);
    small.block.clear();
    EXPECT_EQ(static_cast<std::size_t>(small.block.limit() - small.block.cursor()), usual_bytes);
    EXPECT_FALSE(test::append(small.block, letter(largest_bytes, is_fixed)));
  }
}

}  // namespace
}  // namespace buddy::wire
