#include "comm/endpoint/sender.hpp"

#include <gtest/gtest.h>

#include "comm/endpoint/fake_engine.hpp"
#include "support/bodies.hpp"

namespace buddy::comm {
namespace {

using Reason = Sender::Reason;
using Piece = Sender::Piece;

constexpr std::uint32_t handler = 3;

struct SenderTest : testing::Test {
  void append(std::uint32_t dest) {
    std::byte* item = sender.try_open_run(handler, 8);
    ASSERT_NE(item, nullptr);
    wire::store(item, dest);
    wire::store(item + 4, std::uint64_t{dest});
  }
  /// Destinations in the order in which they have reached the engine.
  std::vector<std::uint32_t> reached() const {
    std::vector<std::uint32_t> dests;
    for (const FakeLink::Sent& sent : engine.link.sent) {
      for (const test::Letter& letter : test::read_letters(sent.body, wire::Form::routed)) {
        dests.push_back(letter.dest);
      }
    }
    return dests;
  }

  FakeEngine engine;
  EndpointContext context{0, engine, {}};
  detail::Outbox outbox;
  Sender sender{context, outbox, arena::sizes_for(2), std::numeric_limits<std::size_t>::max()};
};

TEST_F(SenderTest, blocks_that_find_no_room_go_first) {
  engine.link.room = 0;
  append(1);
  sender.publish(Reason::poll);
  append(2);
  sender.publish(Reason::poll);
  EXPECT_TRUE(sender.overflowing());
  EXPECT_EQ(context.stats.stalls, 2u);
  engine.link.room = 1;
  EXPECT_TRUE(sender.drain_overflow());
  append(3);
  engine.link.room = 2;
  sender.publish(Reason::full);
  EXPECT_EQ(reached(), (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_TRUE(sender.empty());
  EXPECT_EQ(context.counts.sent_records, 3u);
}

TEST_F(SenderTest, what_has_been_collected_waits_behind_the_overflow_queue) {
  engine.link.room = 0;
  append(1);
  sender.publish(Reason::poll);
  append(2);
  EXPECT_FALSE(sender.publish_collected());
  EXPECT_EQ(context.stats.blocks_sent, 1u) << "a second block would have overflowed";
  engine.link.room = 2;
  EXPECT_TRUE(sender.publish_collected());
  EXPECT_EQ(reached(), (std::vector<std::uint32_t>{1, 2}));
}

TEST_F(SenderTest, in_a_handler_the_engine_makes_room) {
  engine.link.room = 0;
  engine.busy_steps = 1;
  engine.room_made_by_step = 1;
  append(1);
  sender.publish(Reason::poll);
  EXPECT_EQ(engine.steps, 0) << "outside of handlers, a waiting rank steps it";
  *context.in_handler = true;
  append(2);
  sender.publish(Reason::poll);
  EXPECT_EQ(reached(), (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(context.stats.overflow_blocks, 1u);
}

TEST_F(SenderTest, async_appends_to_the_same_run_unless_every_message_is_looked_at) {
  append(1);
  const std::uint64_t key = detail::Outbox::key(handler, 8);
  ASSERT_NE(outbox.try_extend(key, 12), nullptr);
  sender.see_all_messages();
  EXPECT_EQ(outbox.try_extend(key, 12), nullptr);
  Stats stats;
  sender.count_open_block(stats);
  EXPECT_EQ(stats.messages_sent, 2u);
  EXPECT_EQ(stats.payload_bytes, 16u);
}

TEST_F(SenderTest, pieces_for_an_engine_that_spins_grow) {
  append(1);
  EXPECT_EQ(sender.piece_for_idle_engine(false), Piece::lone);
  sender.publish(Reason::idle);
  append(1);
  EXPECT_EQ(sender.piece_for_idle_engine(false), Piece::too_small);
  EXPECT_EQ(sender.piece_for_idle_engine(true), Piece::lone) << "it sleeps: quiet for long";
  sender.allow_small_pieces();
  EXPECT_EQ(sender.piece_for_idle_engine(false), Piece::lone);
  for (int i = 0; i < 100; ++i) append(1);
  EXPECT_EQ(sender.piece_for_idle_engine(false), Piece::stream);
}

TEST_F(SenderTest, a_block_collects_no_more_than_it_may) {
  Sender careful(context, outbox, arena::sizes_for(2), 40);
  EXPECT_FALSE(careful.collected_enough(1000)) << "an empty block takes an item whatever its size";
  ASSERT_NE(careful.try_open_run(handler, 8), nullptr);
  EXPECT_FALSE(careful.collected_enough(12));
  EXPECT_TRUE(careful.collected_enough(13));
}

}  // namespace
}  // namespace buddy::comm
