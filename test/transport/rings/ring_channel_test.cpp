// Channels of two rings: whom they wake and when, and what is left when a neighbour ends.
#include "transport/rings/ring_channel.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "arena/idle.hpp"
#include "base/clock.hpp"
#include "support/child.hpp"
#include "support/guarded.hpp"
#include "support/scratch.hpp"
#include "support/seeds.hpp"

namespace buddy::transport {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

constexpr std::size_t capacity = 1024;

/// Two rings in shared memory, a doorbell for each end.
struct Place {
  test::Guarded rings[2] = {test::Guarded(arena::ring_bytes(capacity)),  // NOLINT
                            test::Guarded(arena::ring_bytes(capacity))};
  test::Scratch scratch;
  std::string doorbell_path(int end) const { return scratch / ("doorbell-" + std::to_string(end)); }
};

/// One end, with its own doorbell and the other's doorbell_sender.
class End {
 public:
  End(const Place& place, int index, arena::Doorbell doorbell)
      : doorbell_(std::move(doorbell)),
        doorbell_sender_(
            std::move(arena::DoorbellSender::open(place.doorbell_path(1 - index)).value())),
        channel_({place.rings[index].bytes(), place.rings[1 - index].bytes()}, &doorbell_sender_) {
    idle_.watch({&doorbell_}, {});
  }

  RingChannel& channel() { return channel_; }
  arena::Doorbell& doorbell() { return doorbell_; }

  /// Waits as a rank does. \return false if the whole time passed asleep
  bool rest() {
    const std::uint64_t before = monotonic_ns();
    const bool slept = idle_.rest(patience_ms, [] { return true; });
    if (slept) ++sleeps_;
    return !slept || monotonic_ns() - before < std::uint64_t{patience_ms} * 1'000'000;
  }
  void busy() { idle_.reset(); }
  std::uint64_t sleeps() const { return sleeps_; }

  bool push(std::uint64_t number) {
    for (;;) {
      if (channel_.try_push(FrameKind::report, number, {}) == Push::ok) {
        busy();
        return true;
      }
      channel_.flush_wakeups();
      if (!rest()) return false;
    }
  }
  bool pull(std::uint64_t& number) {
    Frame frame;
    while (channel_.peek(frame) != Peek::ready) {
      channel_.flush_wakeups();
      if (!rest()) return false;
    }
    busy();
    number = frame.header.records;
    channel_.release();
    return true;
  }

 private:
  static constexpr int patience_ms = 20'000;
  arena::Doorbell doorbell_;
  arena::DoorbellSender doorbell_sender_;
  RingChannel channel_;
  arena::Idle idle_{arena::WaitPolicy{0, 0, 0}};  // sleeps as soon as possible
  std::uint64_t sleeps_ = 0;
};

arena::Doorbell make_doorbell(const Place& place, int end) {
  return std::move(arena::Doorbell::create(place.doorbell_path(end)).value());
}

// A frame there, a frame back, both ends asleep in between: no wake-up is ever lost.
std::uint64_t play_ping(End& end, std::uint64_t rounds) {
  for (std::uint64_t i = 0; i < rounds; ++i) {
    std::uint64_t back = 0;
    if (!end.push(i) || !end.pull(back) || back != i) return i;
  }
  return rounds;
}

std::uint64_t play_pong(End& end, std::uint64_t rounds) {
  for (std::uint64_t i = 0; i < rounds; ++i) {
    std::uint64_t number = 0;
    if (!end.pull(number) || number != i || !end.push(number)) return i;
  }
  end.channel().flush_wakeups();
  return rounds;
}

TEST(RingChannel, sleepers_are_woken_two_threads) {
  const Place place;
  const std::uint64_t rounds = test::scaled_runs(100'000);
  arena::Doorbell doorbell0 = make_doorbell(place, 0);
  arena::Doorbell doorbell1 = make_doorbell(place, 1);
  End one(place, 0, std::move(doorbell0));
  End other(place, 1, std::move(doorbell1));
  std::uint64_t answered = 0;
  std::thread pong([&] { answered = play_pong(other, rounds); });
  EXPECT_EQ(play_ping(one, rounds), rounds);
  pong.join();
  EXPECT_EQ(answered, rounds);
  EXPECT_GT(one.sleeps(), 0u);
  std::cout << "slept " << one.sleeps() << " and " << other.sleeps() << " times" << std::endl;
}

TEST(RingChannel, sleepers_are_woken_two_processes) {
  const Place place;
  const std::uint64_t rounds = test::scaled_runs(100'000);
  arena::Doorbell doorbell0 = make_doorbell(place, 0);
  arena::Doorbell doorbell1 = make_doorbell(place, 1);
  const pid_t child = test::start_child([&] {
    End other(place, 1, std::move(doorbell1));
    return play_pong(other, rounds) == rounds ? 0 : 1;
  });
  End one(place, 0, std::move(doorbell0));
  EXPECT_EQ(play_ping(one, rounds), rounds);
  EXPECT_EQ(test::wait_for_child(child), 0);
}

// A fast producer sleeps when the ring is full; a slow consumer wakes it, and the other way round.
TEST(RingChannel, full_rings_wake_their_producer) {
  const Place place;
  const std::uint64_t frames = test::scaled_runs(200'000);
  arena::Doorbell doorbell0 = make_doorbell(place, 0);
  arena::Doorbell doorbell1 = make_doorbell(place, 1);
  End one(place, 0, std::move(doorbell0));
  End other(place, 1, std::move(doorbell1));
  bool all_pushed = true;
  std::thread producer([&] {
    for (std::uint64_t i = 0; i < frames && all_pushed; ++i) all_pushed = one.push(i);
    one.channel().flush_wakeups();
  });
  test::Random random(1);
  std::uint64_t good = 0;
  for (std::uint64_t i = 0; i < frames; ++i) {
    std::uint64_t number = 0;
    if (!other.pull(number)) break;
    if (number == i) ++good;
    if (random.one_in(1000)) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  producer.join();
  EXPECT_TRUE(all_pushed);
  EXPECT_EQ(good, frames);
}

// Pushing wakes nobody until it is worth it: when the producer says so, or half of the ring is
// used.
TEST(RingChannel, wakes_when_nudged_or_half_full) {
  const Place place;
  arena::Doorbell doorbell0 = make_doorbell(place, 0);
  arena::Doorbell doorbell1 = make_doorbell(place, 1);
  End one(place, 0, std::move(doorbell0));
  End other(place, 1, std::move(doorbell1));
  const auto asleep = [&] {
    return other.doorbell().word() == static_cast<std::uint32_t>(arena::Wakefulness::sleeping);
  };
  other.doorbell().prepare_sleep();
  ASSERT_EQ(one.channel().try_push(FrameKind::report, 0, {}), Push::ok);
  EXPECT_TRUE(asleep());
  one.channel().flush_wakeups();
  EXPECT_FALSE(asleep());

  other.doorbell().prepare_sleep();
  one.channel().flush_wakeups();
  EXPECT_TRUE(asleep()) << "there is nothing new";

  for (int i = 0; i < 7; ++i) {
    EXPECT_TRUE(asleep()) << i;
    ASSERT_EQ(one.channel().try_push(FrameKind::report, 0, {}), Push::ok);
  }
  EXPECT_FALSE(asleep()) << "half full";
}

TEST(RingChannel, what_a_dead_neighbour_sent_is_still_good) {
  const test::Guarded there(arena::ring_bytes(capacity));
  const test::Guarded back(arena::ring_bytes(capacity));
  RingChannel alive({there.bytes(), back.bytes()}, nullptr);
  RingChannel dead({back.bytes(), there.bytes()}, nullptr);
  ASSERT_EQ(dead.try_push(FrameKind::report, 1, {}), Push::ok);
  ASSERT_EQ(dead.try_push(FrameKind::report, 2, {}), Push::ok);
  alive.break_with({ErrorCode::peer_died, "it died"});
  EXPECT_EQ(alive.try_push(FrameKind::report, 0, {}), Push::closed);
  Frame frame;
  for (const std::uint64_t expected : {1u, 2u}) {
    ASSERT_EQ(alive.peek(frame), Peek::ready);
    EXPECT_EQ(frame.header.records, expected);
    alive.release();
  }
  EXPECT_EQ(alive.peek(frame), Peek::broken);
  EXPECT_EQ(alive.status().code(), ErrorCode::peer_died);
}

// A sender of malformed input is not read any more, but can be told why.
TEST(RingChannel, malformed_input_breaks_one_direction) {
  const test::Guarded there(arena::ring_bytes(capacity));
  const test::Guarded back(arena::ring_bytes(capacity));
  RingChannel sound({there.bytes(), back.bytes()}, nullptr);
  RingChannel offender({back.bytes(), there.bytes()}, nullptr);
  reinterpret_cast<arena::RingControl*>(back.bytes().data())->tail.store(8);
  Frame frame;
  EXPECT_EQ(sound.peek(frame), Peek::broken);
  EXPECT_EQ(sound.status().code(), ErrorCode::corrupt);
  EXPECT_EQ(sound.try_push(FrameKind::failure, 0, {}), Push::ok);
  EXPECT_EQ(offender.peek(frame), Peek::ready);
  EXPECT_EQ(frame.header.kind, FrameKind::failure);
}

}  // namespace
}  // namespace buddy::transport
