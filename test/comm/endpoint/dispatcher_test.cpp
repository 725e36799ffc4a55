#include "comm/endpoint/dispatcher.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "comm/endpoint/fake_engine.hpp"
#include "support/bodies.hpp"

namespace buddy::comm {
namespace {

/// Notes what has run; one value is bad luck.
class Notes final : public Receiver {
 public:
  static constexpr std::uint64_t unlucky = 13;

  bool accepts(std::uint32_t, std::uint32_t) noexcept override { return true; }
  void run_fixed(std::uint32_t, const std::byte* items, std::uint32_t count,
                 std::uint32_t& done) override {
    for (; done < count; ++done) {
      const auto value = wire::load<std::uint64_t>(items + std::size_t{done} * 8);
      if (value == unlucky) throw std::runtime_error("unlucky");
      ran.push_back(value);
    }
  }
  void run_variable(std::uint32_t, std::span<const std::byte>) override {}

  std::vector<std::uint64_t> ran;
};

struct DispatcherTest : testing::Test {
  void arrive(const std::vector<std::uint64_t>& values) {
    test::Block block(4096, wire::Form::final);
    for (const std::uint64_t value : values) {
      const auto bytes = wire::bytes_of(value);
      test::append(*block, {0, 1, true, {bytes.begin(), bytes.end()}});
    }
    const auto body = block->finish();
    engine.link.arrived.push_back({wire::FrameKind::final, {body.begin(), body.end()}});
  }
  using Values = std::vector<std::uint64_t>;

  FakeEngine engine;
  EndpointContext context{0, engine, {}};
  detail::Outbox outbox;
  BarrierClient barrier{context};
  Sender sender{context, outbox, arena::sizes_for(2), std::numeric_limits<std::size_t>::max()};
  Notes notes;
  Dispatcher dispatcher{context, notes, barrier, sender};
};

TEST_F(DispatcherTest, deferred_frames_run_first_and_in_order) {
  arrive({1, 2});
  arrive({3});
  EXPECT_TRUE(dispatcher.defer_arrived());
  EXPECT_TRUE(notes.ran.empty());
  EXPECT_TRUE(engine.link.arrived.empty()) << "the ring has room again";
  arrive({4});
  EXPECT_TRUE(dispatcher.run_arrived());
  EXPECT_EQ(notes.ran, (Values{1, 2, 3, 4}));
  EXPECT_EQ(context.counts.handled_records, 4u);
  EXPECT_EQ(context.counts.consumed_frames, 3u);
  EXPECT_FALSE(dispatcher.run_arrived());
}

TEST_F(DispatcherTest, paused_handlers_run_later) {
  dispatcher.pause_handlers(true);
  arrive({1});
  EXPECT_TRUE(dispatcher.run_arrived());
  EXPECT_TRUE(notes.ran.empty());
  dispatcher.pause_handlers(false);
  dispatcher.run_arrived();
  EXPECT_EQ(notes.ran, (Values{1}));
}

TEST_F(DispatcherTest, the_walk_goes_on_behind_a_handler_that_threw) {
  arrive({1, Notes::unlucky, 2});
  EXPECT_THROW(dispatcher.run_arrived(), std::runtime_error);
  EXPECT_FALSE(*context.in_handler);
  EXPECT_EQ(context.counts.handled_records, 2u) << "the one that threw has had its turn";
  EXPECT_EQ(context.counts.consumed_frames, 0u);
  dispatcher.run_arrived();
  EXPECT_EQ(notes.ran, (Values{1, 2}));
  EXPECT_EQ(context.counts.handled_records, 3u);
  EXPECT_EQ(context.counts.consumed_frames, 1u);
}

TEST_F(DispatcherTest, exceptions_of_handlers_are_kept_and_errors_are_not) {
  arrive({Notes::unlucky});
  EXPECT_NO_THROW(dispatcher.keep_exceptions([&] { dispatcher.run_arrived(); }));
  EXPECT_THROW(dispatcher.throw_kept(), std::runtime_error);
  EXPECT_NO_THROW(dispatcher.throw_kept()) << "each once";
  engine.link.broken = Status(ErrorCode::corrupt, "a ring holds bytes that are no frame");
  EXPECT_THROW(dispatcher.keep_exceptions([&] { dispatcher.run_arrived(); }), Error);
}

TEST_F(DispatcherTest, the_overflow_queue_gets_room_between_frames) {
  engine.link.room = 0;
  wire::store(sender.try_open_run(1, 8), std::uint32_t{0});
  sender.publish(Sender::Reason::poll);
  ASSERT_TRUE(sender.overflowing());
  engine.link.room = 1;
  arrive({1});
  dispatcher.run_arrived();
  EXPECT_FALSE(sender.overflowing());
}

TEST_F(DispatcherTest, control_frames_go_where_they_belong) {
  barrier.enter();
  const wire::BarrierRelease complete{1};
  const auto release = wire::bytes_of(complete);
  engine.link.arrived.push_back({wire::FrameKind::release, {release.begin(), release.end()}});
  dispatcher.run_arrived();
  EXPECT_TRUE(barrier.released());
  const Status why(ErrorCode::peer_died, "rank 1 has ended");
  engine.link.arrived.push_back({wire::FrameKind::failure, wire::encode_failure(why)});
  EXPECT_THROW(dispatcher.run_arrived(), Error);
  EXPECT_TRUE(context.health.notified_by_engine());
  EXPECT_EQ(context.health.failure().code(), ErrorCode::peer_died);
}

}  // namespace
}  // namespace buddy::comm
