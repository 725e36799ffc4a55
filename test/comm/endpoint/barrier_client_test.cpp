#include "comm/endpoint/barrier_client.hpp"

#include <gtest/gtest.h>

#include "comm/endpoint/fake_engine.hpp"

namespace buddy::comm {
namespace {

struct BarrierClientTest : testing::Test {
  FakeEngine engine;
  EndpointContext context{0, engine, {.sent_records = 5, .handled_records = 4, .barriers = 2}};
  BarrierClient barrier{context};

  wire::BarrierReport last_report() const {
    return wire::read_control<wire::BarrierReport>(engine.link.sent.back().body).value();
  }
};

TEST_F(BarrierClientTest, tells_the_engine_what_is_new_and_nothing_else) {
  EXPECT_FALSE(barrier.report()) << "all that was known before";
  EXPECT_TRUE(engine.link.sent.empty());
  barrier.enter();
  EXPECT_TRUE(barrier.report());
  EXPECT_EQ(last_report().epoch, 3u);
  EXPECT_EQ(last_report().sent, 5u);
  EXPECT_FALSE(barrier.report());
  EXPECT_EQ(engine.link.sent.size(), 1u);
  ++context.counts.sent_records;
  EXPECT_FALSE(barrier.report()) << "what was sent has to be handled first";
  EXPECT_EQ(last_report().sent, 6u);
  ++context.counts.handled_records;
  EXPECT_TRUE(barrier.report());
  EXPECT_EQ(engine.link.sent.size(), 3u);
}

TEST_F(BarrierClientTest, says_again_what_found_no_room) {
  barrier.enter();
  engine.link.room = 0;
  EXPECT_FALSE(barrier.report());
  engine.link.room = 1;
  EXPECT_TRUE(barrier.report());
}

TEST_F(BarrierClientTest, a_barrier_that_was_interrupted_is_entered_again) {
  EXPECT_TRUE(barrier.released());
  barrier.enter();
  EXPECT_FALSE(barrier.released());
  barrier.enter();
  barrier.hear_release(3);
  EXPECT_TRUE(barrier.released());
  barrier.leave();
  EXPECT_EQ(context.counts.barriers, 3u);
  barrier.enter();
  EXPECT_FALSE(barrier.released());
}

TEST_F(BarrierClientTest, callbacks_may_add_others) {
  std::vector<int> ran;
  barrier.before([&] {
    ran.push_back(1);
    barrier.before([&] { ran.push_back(2); });
  });
  EXPECT_TRUE(barrier.run_callbacks());
  EXPECT_EQ(ran, (std::vector<int>{1, 2}));
  EXPECT_FALSE(barrier.run_callbacks());
}

}  // namespace
}  // namespace buddy::comm
