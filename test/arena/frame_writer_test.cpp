// Frames come out the same whichever way they are copied, and the cheaper way is found.
#include "arena/frame_writer.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "arena/copy_chooser.hpp"
#include "support/bodies.hpp"
#include "support/seeds.hpp"

namespace buddy::arena {
namespace {

using Way = CopyChooser::Way;

struct alignas(64) Line {
  std::byte bytes[64];  // NOLINT(modernize-avoid-c-arrays)
};

// Sizes around every multiple of a line, and large ones; nothing behind the last line is touched.
TEST(FrameWriter, streams_what_it_would_store) {
  for (std::size_t size = 0; size < 1000; ++size) {
    const std::size_t bytes = size < 900 ? size : size * 37;
    const std::size_t lines = (sizeof(wire::FrameHeader) + bytes + 63) / 64;
    std::vector<Line> stored(lines + 1);
    std::vector<Line> streamed(lines + 1);
    std::memset(streamed.data(), 0xee, streamed.size() * sizeof(Line));
    std::vector<std::byte> body(bytes);
    for (std::size_t i = 0; i < bytes; ++i) body[i] = static_cast<std::byte>(i * 7 + size);
    const wire::FrameHeader header{static_cast<std::uint32_t>(bytes), wire::FrameKind::final, 0, 7};
    FrameWriter::store(stored[0].bytes, header, body);
    FrameWriter::stream(streamed[0].bytes, header, body);
    ASSERT_EQ(std::memcmp(stored.data(), streamed.data(), sizeof header + bytes), 0) << size;
    ASSERT_EQ(streamed[lines].bytes[0], std::byte{0xee}) << size;
    ASSERT_EQ(streamed[lines].bytes[63], std::byte{0xee}) << size;
  }
}

/// A machine on which copies cost so much, and a chooser that is told.
struct Machine {
  std::uint64_t store_ns = 1000;  ///< for 32 KiB
  std::uint64_t stream_ns = 1000;
  CopyChooser chooser;

  /// \return how many of \p copies streamed
  int run(int copies) {
    int streamed = 0;
    for (int i = 0; i < copies; ++i) {
      const auto choice = chooser.next();
      const bool stream = choice.way == Way::stream;
      streamed += stream ? 1 : 0;
      if (choice.timed) chooser.took(choice.way, 32768, stream ? stream_ns : store_ns);
    }
    return streamed;
  }
};

TEST(CopyChooser, stores_where_stores_are_fast) {
  Machine near{.store_ns = 1500, .stream_ns = 100, .chooser = {}};  // 22 GB/s
  EXPECT_EQ(near.run(10'000), 0);
}

TEST(CopyChooser, streams_where_that_is_much_faster) {
  Machine far{.store_ns = 16'000, .stream_ns = 1000, .chooser = {}};  // 2 and 32 GB/s
  EXPECT_GT(far.run(10'000), 9'800);
}

TEST(CopyChooser, stores_where_streaming_brings_nothing) {
  Machine slow{.store_ns = 16'000, .stream_ns = 14'000, .chooser = {}};
  EXPECT_LT(slow.run(10'000), 500);  // the trials
}

TEST(CopyChooser, follows_the_machine) {
  Machine machine{.store_ns = 16'000, .stream_ns = 1000, .chooser = {}};
  machine.run(1000);
  machine.store_ns = 1500;
  EXPECT_LT(machine.run(10'000), 300);
  machine.store_ns = 16'000;
  EXPECT_GT(machine.run(10'000), 9'800);
}

// A copy that was interrupted looks slow.
TEST(CopyChooser, takes_one_slow_copy_for_an_accident) {
  Machine near{.store_ns = 1500, .stream_ns = 100, .chooser = {}};
  for (int round = 0; round < 100; ++round) {
    near.store_ns = 4'000'000;
    EXPECT_EQ(near.run(8), 0);  // one timing
    near.store_ns = 1500;
    EXPECT_EQ(near.run(16), 0);
  }
}

}  // namespace
}  // namespace buddy::arena
