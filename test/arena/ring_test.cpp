// Rings: like a bounded deque whatever the schedule, and harmless whatever the neighbour writes.
#include "arena/ring.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <thread>
#include <vector>

#include "support/child.hpp"
#include "support/guarded.hpp"
#include "support/seeds.hpp"

namespace buddy::arena {
namespace {

using wire::Frame;
using wire::FrameHeader;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

using Bytes = std::vector<std::byte>;

constexpr std::size_t largest_body(std::size_t capacity) {
  return capacity / 2 - sizeof(FrameHeader);
}

/// The bytes of message \p number.
void fill(Bytes& body, std::uint64_t number) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    body[i] = static_cast<std::byte>(number * 31 + i * 7);
  }
}

bool holds(std::span<const std::byte> body, std::uint64_t number) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != static_cast<std::byte>(number * 31 + i * 7)) return false;
  }
  return true;
}

FrameKind kind_of(std::uint64_t number) { return static_cast<FrameKind>(1 + number % 7); }

// Any interleaving of push, peek and release behaves like a bounded std::deque.
TEST(Ring, random_schedule_matches_model) {
  test::for_each_seed(1000, [](std::uint64_t seed) {
    test::Random random(seed);
    const std::size_t capacity = std::size_t{256} << random.below(6);
    const test::Guarded memory(ring_bytes(capacity));
    const auto wakes = random.one_in(2) ? Wakes::never : Wakes::neighbour;
    RingProducer producer(memory.bytes());
    RingConsumer consumer(memory.bytes());
    auto* control = reinterpret_cast<RingControl*>(memory.bytes().data());
    std::deque<std::pair<std::uint64_t, std::size_t>> model;
    std::uint64_t number = 0;
    for (int step = 0; step < 2000; ++step) {
      if (random.one_in(2)) {
        Bytes body(random.below(1 + random.below(largest_body(capacity) + 1)));
        fill(body, number);
        const std::uint64_t used = control->tail - control->head;
        const Push pushed = producer.try_push(kind_of(number), number, body, wakes);
        if (pushed == Push::ok) {
          model.emplace_back(number++, body.size());
        } else {
          ASSERT_EQ(pushed, Push::full);
          ASSERT_GT(used + 2 * (sizeof(FrameHeader) + body.size() + frame_alignment), capacity)
              << "full although there is room";
          ASSERT_EQ(control->producer_waits, 1u);
        }
        ASSERT_LE(control->tail - control->head, capacity);
        continue;
      }
      Frame frame;
      const Peek peeked = consumer.peek(frame);
      ASSERT_EQ(peeked, model.empty() ? Peek::empty : Peek::ready);
      ASSERT_EQ(producer.drained(), model.empty());
      if (model.empty()) continue;
      const auto [expected, bytes] = model.front();
      ASSERT_EQ(frame.header.records, expected);
      ASSERT_EQ(frame.header.kind, kind_of(expected));
      ASSERT_EQ(frame.body.size(), bytes);
      ASSERT_TRUE(holds(frame.body, expected));
      ASSERT_TRUE(memory.contains(frame.body));
      if (random.one_in(4)) continue;  // look again later
      consumer.release(wakes);
      model.pop_front();
    }
  });
}

// The largest frame fits into an empty ring, wherever its positions stand.
TEST(Ring, an_empty_ring_takes_the_largest_frame) {
  constexpr std::size_t capacity = 1024;
  for (std::size_t steps = 0; steps < capacity / frame_alignment; ++steps) {
    const test::Guarded memory(ring_bytes(capacity));
    RingProducer producer(memory.bytes());
    RingConsumer consumer(memory.bytes());
    Frame frame;
    for (std::size_t i = 0; i < steps; ++i) {
      ASSERT_EQ(producer.try_push(FrameKind::report, i, {}, Wakes::never), Push::ok);
      ASSERT_EQ(consumer.peek(frame), Peek::ready);
      consumer.release(Wakes::never);
    }
    const Bytes body(largest_body(capacity));
    ASSERT_EQ(producer.try_push(FrameKind::final, 7, body, Wakes::never), Push::ok) << steps;
    ASSERT_EQ(consumer.peek(frame), Peek::ready);
    ASSERT_EQ(frame.body.size(), body.size());
  }
}

// A producer that found the ring full is to be woken once, when half of it is free.
TEST(Ring, says_when_a_waiting_producer_must_be_woken) {
  const test::Guarded memory(ring_bytes(1024));
  RingProducer producer(memory.bytes());
  RingConsumer consumer(memory.bytes());
  Frame frame;
  while (producer.try_push(FrameKind::report, 0, {}, Wakes::neighbour) == Push::ok) {
  }
  EXPECT_TRUE(producer.half_full());
  int wakes = 0;
  int released = 0;
  while (consumer.peek(frame) == Peek::ready) {
    ++released;
    if (!consumer.release(Wakes::neighbour)) continue;
    ++wakes;
    EXPECT_EQ(released, 8);
  }
  EXPECT_EQ(released, 16);
  EXPECT_EQ(wakes, 1);
  EXPECT_TRUE(producer.drained());
  EXPECT_FALSE(producer.half_full());
}

struct Traffic {
  std::uint64_t frames;
  std::size_t capacity;
};

void produce(std::span<std::byte> memory, const Traffic& traffic, std::uint64_t seed) {
  test::Random random(seed);
  RingProducer producer(memory);
  Bytes body;
  for (std::uint64_t number = 0; number < traffic.frames; ++number) {
    body.resize(random.below(1 + random.below(largest_body(traffic.capacity))));
    fill(body, number);
    while (producer.try_push(kind_of(number), number, body, Wakes::neighbour) != Push::ok) {
      std::this_thread::yield();
    }
  }
  while (!producer.drained()) std::this_thread::yield();
}

/// \return frames that were as they should be
std::uint64_t consume(std::span<std::byte> memory, const Traffic& traffic) {
  RingConsumer consumer(memory);
  std::uint64_t good = 0;
  for (std::uint64_t number = 0; number < traffic.frames; ++number) {
    Frame frame;
    Peek peeked = Peek::empty;
    while ((peeked = consumer.peek(frame)) == Peek::empty) std::this_thread::yield();
    if (peeked == Peek::broken) return good;
    if (frame.header.records == number && holds(frame.body, number)) ++good;
    consumer.release(Wakes::neighbour);
  }
  return good;
}

TEST(Ring, two_threads) {
  for (const std::size_t capacity : {256u, 4096u, 65536u}) {
    const Traffic traffic{test::scaled_runs(60'000), capacity};
    const test::Guarded memory(ring_bytes(capacity));
    std::thread producer([&] { produce(memory.bytes(), traffic, capacity); });
    EXPECT_EQ(consume(memory.bytes(), traffic), traffic.frames);
    producer.join();
  }
}

TEST(Ring, two_processes) {
  for (const std::size_t capacity : {256u, 65536u}) {
    const Traffic traffic{test::scaled_runs(60'000), capacity};
    const test::Guarded memory(ring_bytes(capacity));
    const pid_t child = test::start_child([&] {
      produce(memory.bytes(), traffic, capacity);
      return 0;
    });
    EXPECT_EQ(consume(memory.bytes(), traffic), traffic.frames);
    EXPECT_EQ(test::wait_for_child(child), 0);
  }
}

// ---- hostile neighbours -----------------------------------------------------------------------

/// Numbers that sit on edges, or anywhere.
std::uint64_t some_position(test::Random& random, std::size_t capacity) {
  const std::uint64_t aligned = std::uint64_t{random.below(2 * capacity)} & ~std::uint64_t{63};
  switch (random.below(5)) {
    case 0: return random.bits();
    case 1: return ~std::uint64_t{0} - random.below(100);
    case 2: return random.below(2 * capacity);
    default: return aligned;
  }
}

void scribble(std::span<std::byte> memory, test::Random& random) {
  const std::size_t capacity = memory.size() - sizeof(RingControl);
  auto* control = reinterpret_cast<RingControl*>(memory.data());
  switch (random.below(4)) {
    case 0: control->tail.store(some_position(random, capacity)); return;
    case 1: control->head.store(some_position(random, capacity)); return;
    case 2: control->producer_waits.store(random.below(3)); return;
    default: break;
  }
  const std::size_t at = random.below(capacity / frame_alignment) * frame_alignment;
  FrameHeader header{};
  header.body_bytes =
      random.one_in(2) ? random.below(capacity) : static_cast<std::uint32_t>(random.bits());
  header.kind = static_cast<FrameKind>(random.below(10));
  header.reserved = static_cast<std::uint16_t>(random.bits());
  std::memcpy(memory.data() + sizeof(RingControl) + at, &header, sizeof header);
}

TEST(Ring, a_consumer_survives_any_memory) {
  test::for_each_seed(20'000, [](std::uint64_t seed) {
    test::Random random(seed);
    const test::Guarded memory(ring_bytes(std::size_t{256} << random.below(4)));
    RingConsumer consumer(memory.bytes());
    for (int step = 0; step < 60; ++step) {
      scribble(memory.bytes(), random);
      Frame frame;
      const Peek peeked = consumer.peek(frame);
      if (peeked == Peek::broken) {
        ASSERT_EQ(consumer.peek(frame), Peek::broken) << "broken is for ever";
      }
      if (peeked != Peek::ready) continue;
      ASSERT_TRUE(memory.contains(frame.body));
      ASSERT_EQ(frame.body.size(), frame.header.body_bytes);
      ASSERT_NE(frame.header.kind, FrameKind::padding);
      ASSERT_LE(frame.header.kind, wire::last_frame_kind);
      if (random.one_in(2)) consumer.release(Wakes::neighbour);
    }
  });
}

TEST(Ring, a_producer_survives_any_memory) {
  test::for_each_seed(20'000, [](std::uint64_t seed) {
    test::Random random(seed);
    const std::size_t capacity = std::size_t{256} << random.below(4);
    const test::Guarded memory(ring_bytes(capacity));
    RingProducer producer(memory.bytes());
    Bytes body;
    for (int step = 0; step < 60; ++step) {
      scribble(memory.bytes(), random);
      body.resize(random.below(largest_body(capacity) + 1));
      const Push pushed = producer.try_push(FrameKind::routed, 1, body, Wakes::neighbour);
      ASSERT_TRUE(pushed == Push::ok || pushed == Push::full);
      producer.drained();
      producer.half_full();
    }
  });
}

// Padding only ever fills up the end of the ring: more of it could keep a consumer busy for ever.
TEST(Ring, refuses_padding_out_of_place) {
  constexpr std::size_t capacity = 1024;
  for (const std::uint32_t bytes : {64u, 128u, 960u, 1024u}) {
    const test::Guarded memory(ring_bytes(capacity));
    auto* control = reinterpret_cast<RingControl*>(memory.bytes().data());
    const FrameHeader padding{static_cast<std::uint32_t>(bytes - sizeof(FrameHeader)),
                              FrameKind::padding, 0, 0};
    std::memcpy(memory.bytes().data() + sizeof(RingControl), &padding, sizeof padding);
    control->tail.store(bytes);
    RingConsumer consumer(memory.bytes());
    Frame frame;
    EXPECT_EQ(consumer.peek(frame), Peek::broken) << bytes;
  }
}

}  // namespace
}  // namespace buddy::arena
