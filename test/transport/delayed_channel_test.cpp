// Channels of an emulated DPU: what arrives when.
#include "transport/delayed_channel.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "support/guarded.hpp"
#include "transport/rings/ring_channel.hpp"

namespace buddy::transport {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

constexpr std::size_t capacity = 4096;

/// Two ends of a pair of rings that one thread steps.
struct Pair {
  test::Guarded there{arena::ring_bytes(capacity)};
  test::Guarded back{arena::ring_bytes(capacity)};
  RingChannel rank{{there.bytes(), back.bytes()}, nullptr};
  RingChannel engine{{back.bytes(), there.bytes()}, nullptr};
};

/// \return time until the next frame is shown, ns; it is released
std::uint64_t await(DelayedChannel& channel, std::uint64_t since_ns) {
  Frame frame;
  Peek peeked = Peek::empty;
  while ((peeked = channel.peek(frame)) == Peek::empty) {
  }
  EXPECT_EQ(peeked, Peek::ready);
  const std::uint64_t took = monotonic_ns() - since_ns;
  channel.release();
  return took;
}

TEST(DelayedChannel, shows_a_frame_a_latency_after_it_left) {
  constexpr std::uint64_t latency_ns = 300'000;
  Pair pair;
  DelayedChannel rank(pair.rank, latency_ns, {});
  DelayedChannel engine(pair.engine, latency_ns, {});
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t before = monotonic_ns();
    ASSERT_EQ(rank.try_push(FrameKind::report, 0, {}), Push::ok);
    EXPECT_GE(await(engine, before), latency_ns);
    ASSERT_EQ(engine.try_push(FrameKind::release, 0, {}), Push::ok);
    EXPECT_GE(await(rank, before), 2 * latency_ns);
  }
}

TEST(DelayedChannel, frames_under_way_at_the_same_time_do_not_add_up) {
  constexpr std::uint64_t latency_ns = 200'000'000;
  Pair pair;
  DelayedChannel rank(pair.rank, latency_ns, {});
  DelayedChannel engine(pair.engine, latency_ns, {});
  const std::uint64_t before = monotonic_ns();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(rank.try_push(FrameKind::report, 0, {}), Push::ok);
  std::uint64_t last = 0;
  for (int i = 0; i < 10; ++i) last = await(engine, before);
  EXPECT_GE(last, latency_ns);
  EXPECT_LT(last, 5 * latency_ns);  // one after the other they would take ten
}

TEST(DelayedChannel, tells_of_frames_for_which_nobody_rings) {
  Pair pair;
  DelayedChannel rank(pair.rank, 20'000'000, {});
  DelayedChannel engine(pair.engine, 20'000'000, {});
  Frame frame;
  EXPECT_EQ(engine.peek(frame), Peek::empty);
  EXPECT_FALSE(engine.in_flight());
  ASSERT_EQ(rank.try_push(FrameKind::report, 0, {}), Push::ok);
  EXPECT_EQ(engine.peek(frame), Peek::empty);
  EXPECT_TRUE(engine.in_flight());
  await(engine, 0);
  EXPECT_FALSE(engine.in_flight());
}

TEST(DelayedChannel, keeps_bodies_order_and_back_pressure) {
  Pair pair;
  DelayedChannel rank(pair.rank, 1'000, {});
  DelayedChannel engine(pair.engine, 1'000, {});
  std::uint32_t sent = 0;
  std::uint32_t received = 0;
  std::vector<std::byte> body(300);
  for (int round = 0; round < 10'000; ++round) {
    for (int i = 0; i < round % 20; ++i) {
      std::memcpy(body.data(), &sent, sizeof sent);
      const Push pushed = rank.try_push(FrameKind::routed, sent, body);
      if (pushed == Push::full) break;
      ASSERT_EQ(pushed, Push::ok);
      ++sent;
    }
    Frame frame;
    while (engine.peek(frame) == Peek::ready) {
      ASSERT_EQ(frame.header.kind, FrameKind::routed);
      ASSERT_EQ(frame.body.size(), body.size());
      std::uint32_t number = 0;
      std::memcpy(&number, frame.body.data(), sizeof number);
      ASSERT_EQ(number, received);
      ++received;
      engine.release();
    }
  }
  EXPECT_GT(received, 10'000u);
  while (received < sent) {
    await(engine, 0);
    ++received;
  }
  Frame frame;
  EXPECT_EQ(engine.peek(frame), Peek::empty);  // takes the stamp of a frame that was refused
  EXPECT_TRUE(rank.drained());
}

TEST(DelayedChannel, a_wire_limits_both_directions_for_all_its_channels) {
  constexpr double gbit = 0.1;  // 80 ns a byte
  SharedWire to_ranks(gbit);
  SharedWire to_engine(gbit);
  Pair pairs[2];  // NOLINT(modernize-avoid-c-arrays)
  std::vector<std::byte> body(1000 - sizeof(wire::FrameHeader));
  for (const bool to_rank : {false, true}) {
    const std::uint64_t before = monotonic_ns();
    std::vector<std::unique_ptr<DelayedChannel>> receivers;
    for (Pair& pair : pairs) {
      auto rank = std::make_unique<DelayedChannel>(pair.rank, 0, DelayedChannel::Wires{});
      auto engine = std::make_unique<DelayedChannel>(pair.engine, 0,
                                                     DelayedChannel::Wires{&to_ranks, &to_engine});
      auto& sender = to_rank ? engine : rank;
      for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(sender->try_push(FrameKind::routed, 1, body), Push::ok);
      }
      receivers.push_back(std::move(to_rank ? rank : engine));
    }
    std::uint64_t took = 0;
    for (int i = 0; i < 3; ++i) {
      for (auto& receiver : receivers) took = std::max(took, await(*receiver, before));
    }
    EXPECT_GE(took, 6u * 80'000) << "to the rank: " << to_rank;
  }
}

TEST(DelayedChannel, refuses_a_damaged_stamp) {
  Pair pair;
  DelayedChannel engine(pair.engine, 0, {});
  ASSERT_EQ(pair.rank.try_push(FrameKind::sent_at, 0, {}), Push::ok);
  Frame frame;
  EXPECT_EQ(engine.peek(frame), Peek::broken);
  EXPECT_EQ(engine.status().code(), ErrorCode::corrupt);
}

TEST(DelayedChannel, an_engine_trusts_no_clock_of_a_rank) {
  Pair pair;
  SharedWire wire(0);
  DelayedChannel engine(pair.engine, 0, {&wire, &wire});
  const std::uint64_t never = ~std::uint64_t{0};
  ASSERT_EQ(pair.rank.try_push(FrameKind::sent_at, 0, std::as_bytes(std::span(&never, 1))),
            Push::ok);
  ASSERT_EQ(pair.rank.try_push(FrameKind::report, 0, {}), Push::ok);
  Frame frame;
  EXPECT_EQ(engine.peek(frame), Peek::ready);
}

}  // namespace
}  // namespace buddy::transport
