#include "transport/rings/ring_link.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "support/scratch.hpp"
#include "support/seeds.hpp"

namespace buddy::transport {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

struct Ends {
  test::Scratch scratch;
  arena::Sizes sizes = arena::sizes_for(2);
  arena::Doorbell rank_doorbell =
      std::move(arena::Doorbell::create(scratch / "rank.doorbell").value());
  arena::Doorbell engine_doorbell =
      std::move(arena::Doorbell::create(scratch / "engine.doorbell").value());
  std::unique_ptr<RingLink> engine =
      std::move(RingLink::create(scratch / "link", scratch / "rank.doorbell", sizes).value());
  std::unique_ptr<RingLink> rank =
      std::move(RingLink::open(scratch / "link", scratch / "engine.doorbell", sizes).value());
};

TEST(RingLink, carries_frames_both_ways_after_its_names_are_gone) {
  Ends ends;
  ends.engine->unlink();
  ends.rank_doorbell.unlink();
  ends.engine_doorbell.unlink();
  EXPECT_TRUE(std::filesystem::is_empty(ends.scratch.path()));
  const std::uint64_t frames = test::scaled_runs(20'000);
  std::thread engine([&] {  // an echo
    std::vector<std::byte> body;
    for (std::uint64_t i = 0; i < frames; ++i) {
      Frame frame;
      while (ends.engine->channel().peek(frame) != Peek::ready) std::this_thread::yield();
      body.assign(frame.body.begin(), frame.body.end());
      ends.engine->channel().release();
      while (ends.engine->channel().try_push(FrameKind::final, i, body) != Push::ok) {
        std::this_thread::yield();
      }
    }
  });
  test::Random random(1);
  std::vector<std::byte> body;
  std::uint64_t back = 0;
  for (std::uint64_t i = 0; i < frames || back < frames;) {
    if (i < frames) {
      body.assign(random.below(1000), static_cast<std::byte>(i));
      if (ends.rank->channel().try_push(FrameKind::routed, i, body) == Push::ok) ++i;
    }
    Frame frame;
    if (ends.rank->channel().peek(frame) != Peek::ready) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(frame.header.records, back);
    for (const std::byte byte : frame.body) ASSERT_EQ(byte, static_cast<std::byte>(back));
    ends.rank->channel().release();
    ++back;
  }
  engine.join();
}

TEST(RingLink, each_end_holds_the_others_doorbell_sender) {
  Ends ends;
  ends.rank_doorbell.prepare_sleep();
  ends.engine_doorbell.prepare_sleep();
  ASSERT_EQ(ends.engine->channel().try_push(FrameKind::release, 0, {}), Push::ok);
  ends.engine->channel().flush_wakeups();
  EXPECT_EQ(ends.rank_doorbell.word(), 0u);
  EXPECT_NE(ends.engine_doorbell.word(), 0u);
  ASSERT_EQ(ends.rank->channel().try_push(FrameKind::report, 0, {}), Push::ok);
  ends.rank->channel().flush_wakeups();
  EXPECT_EQ(ends.engine_doorbell.word(), 0u);
}

TEST(RingLink, errors_leave_nothing_behind) {
  const test::Scratch scratch;
  const arena::Sizes sizes = arena::sizes_for(2);
  EXPECT_EQ(RingLink::create(scratch / "link", scratch / "no.doorbell", sizes).status().code(),
            ErrorCode::peer_died);
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
  EXPECT_EQ(RingLink::open(scratch / "link", scratch / "no.doorbell", sizes).status().code(),
            ErrorCode::peer_died);
}

}  // namespace
}  // namespace buddy::transport
