#include "transport/ucx/ucx_fifo.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <random>

#include "transport/ucx/ucx_packet.hpp"

namespace buddy::transport {
namespace {

// Pieces come out as they went in, and a queue used within its promise always has room.
TEST(PacketFifo, random_schedule_matches_model) {
  constexpr std::size_t window = 40 * packet_alignment;
  constexpr std::size_t largest = 16 * packet_alignment;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    PacketFifo fifo(window + largest);
    std::deque<std::pair<std::size_t, unsigned char>> model;
    std::size_t stored = 0;
    unsigned char mark = 0;
    for (int step = 0; step < 3000; ++step) {
      if (random() % 2 == 0) {
        const std::size_t bytes = (1 + random() % 16) * packet_alignment;
        if (stored + bytes > window) continue;
        std::byte* at = fifo.room(bytes);
        ASSERT_NE(at, nullptr);
        // A piece may be on its way while others leave.
        while (!model.empty() && random() % 4 == 0) {
          ASSERT_EQ(fifo.front()[0], std::byte{model.front().second});
          fifo.pop(model.front().first);
          stored -= model.front().first;
          model.pop_front();
        }
        std::memset(at, ++mark, bytes);
        fifo.push(bytes);
        model.emplace_back(bytes, mark);
        stored += bytes;
      } else if (!model.empty()) {
        const auto [bytes, content] = model.front();
        ASSERT_EQ(fifo.front()[0], std::byte{content});
        ASSERT_EQ(fifo.front()[bytes - 1], std::byte{content});
        fifo.pop(bytes);
        stored -= bytes;
        model.pop_front();
      }
      ASSERT_EQ(fifo.used(), stored);
      ASSERT_EQ(fifo.empty(), model.empty());
    }
  }
}

TEST(PacketFifo, starts_over_when_empty) {
  PacketFifo fifo(1024);
  std::byte* first = fifo.room(256);
  fifo.push(256);
  fifo.pop(256);
  EXPECT_EQ(fifo.room(256), first);
}

TEST(PacketFifo, refuses_what_does_not_fit) {
  PacketFifo fifo(1024);
  EXPECT_EQ(fifo.room(1088), nullptr);
  ASSERT_NE(fifo.room(1024), nullptr);
  fifo.push(1024);
  EXPECT_EQ(fifo.room(64), nullptr);
}

}  // namespace
}  // namespace buddy::transport
