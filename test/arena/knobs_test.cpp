// Which knobs are refused, and what users are told.
#include "arena/knobs.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>

#include "arena/sizes.hpp"
#include "wire/control.hpp"

namespace buddy::arena {
namespace {

std::string complaint(const wire::Knobs& knobs) {
  const Status status = check_knobs(knobs);
  EXPECT_TRUE(status.ok() || status.code() == ErrorCode::invalid_argument);
  return status.message();
}

void expect_refused(const wire::Knobs& knobs, const std::string& part) {
  const std::string said = complaint(knobs);
  EXPECT_NE(said.find(part), std::string::npos) << "'" << said << "' without '" << part << "'";
}

TEST(Knobs, those_of_ones_own_choice_are_sound) { EXPECT_EQ(complaint({}), ""); }

TEST(Knobs, limits_are_said) {
  for (const std::uint32_t bytes : {1u, 2048u, 5000u, 1u << 21}) {
    expect_refused({.block_bytes = bytes}, "powers of two from 4096 to 1048576");
  }
  for (const std::uint32_t blocks : {1u, 2u, 6u, 8192u}) {
    expect_refused({.ring_blocks = blocks}, "powers of two from 4 to 4096");
  }
  expect_refused({.hold_us = 1'000'001}, "at most 1000000");
  EXPECT_EQ(complaint({.hold_us = 1'000'000}), "");
}

TEST(Knobs, a_block_fits_the_ring) {
  EXPECT_EQ(complaint({.block_bytes = 131072}), "");
  expect_refused({.block_bytes = 262144}, "beyond the ring (rings of 524288 bytes hold 2");
  expect_refused({.block_bytes = 1048576}, "hold 0 of them");
  EXPECT_EQ(complaint({.block_bytes = 262144, .ring_blocks = 4}), "");
  expect_refused({.block_bytes = 4096, .ring_blocks = 4}, "too small (it takes 16384 bytes");
  EXPECT_EQ(complaint({.block_bytes = 4096, .ring_blocks = 8}), "");
  expect_refused({.block_bytes = 1048576, .ring_blocks = 4096}, "too large");
}

std::size_t frame_bytes(std::size_t body) {
  return (sizeof(wire::FrameHeader) + body + frame_alignment - 1) / frame_alignment *
         frame_alignment;
}

// A frame that lies in one piece goes into an empty ring wherever it begins.
TEST(Knobs, every_ring_that_is_allowed_takes_two_of_the_largest_frames) {
  const std::size_t failure =
      wire::encode_failure({ErrorCode::system, std::string(5000, 'x')}).size();
  int allowed = 0;
  for (std::uint32_t block = 0; block <= 2 * most_block_bytes; block = block == 0 ? 1 : 2 * block) {
    for (std::uint32_t ring = 0; ring <= 2 * most_ring_blocks; ring = ring == 0 ? 1 : 2 * ring) {
      const wire::Knobs knobs{.block_bytes = block, .ring_blocks = ring};
      if (!check_knobs(knobs).ok()) continue;
      ++allowed;
      for (const std::size_t agents : {1u, 2u, 16u, 100u, 256u, 257u, 4096u}) {
        const Sizes sizes = sizes_for(agents, knobs);
        EXPECT_TRUE(block == 0 || sizes.block_bytes == block);
        EXPECT_TRUE(ring == 0 || sizes.fabric_ring_bytes == ring * sizes.block_bytes);
        const std::size_t largest = frame_bytes(std::max(largest_body_bytes(sizes), failure));
        EXPECT_GE(open_block_bytes(sizes), largest_item_body_bytes);
        for (const std::size_t bytes :
             {sizes.fabric_ring_bytes, sizes.link_ring_bytes, sizes.loopback_ring_bytes}) {
          EXPECT_TRUE(std::has_single_bit(bytes)) << bytes;
          EXPECT_GE(bytes, 2 * largest) << block << " x " << ring << ", " << agents << " agents";
        }
      }
    }
  }
  EXPECT_GT(allowed, 50);
}

TEST(Knobs, the_environment_is_read) {
  ::setenv(block_variable, "65536", 1);
  ::setenv(ring_variable, "", 1);
  ::setenv(hold_variable, "250", 1);
  const auto knobs = knobs_from_environment();
  ASSERT_TRUE(knobs.ok());
  EXPECT_EQ(knobs.value(), (wire::Knobs{.block_bytes = 65536, .hold_us = 250}));
  for (const char* wrong : {"64K", "-1", " 1", "99999999999"}) {
    ::setenv(block_variable, wrong, 1);
    EXPECT_EQ(knobs_from_environment().status().code(), ErrorCode::invalid_argument) << wrong;
  }
  for (const char* name : {block_variable, ring_variable, hold_variable}) ::unsetenv(name);
}

}  // namespace
}  // namespace buddy::arena
