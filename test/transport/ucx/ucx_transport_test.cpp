#include "transport/ucx/ucx_transport.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <deque>
#include <future>
#include <random>
#include <thread>

#include "transport/ucx/ucx_test_pair.hpp"

namespace buddy::transport::test {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

TEST(UcxTransport, carries_frames_both_ways) {
  Agents agents(2);
  const auto question = pattern(100, 1);
  const auto answer = pattern(1000, 2);
  ASSERT_TRUE(agents.push(0, 1, question, FrameKind::wave));
  Frame frame;
  ASSERT_TRUE(agents.receive(1, 0, frame));
  EXPECT_EQ(frame.header.kind, FrameKind::wave);
  EXPECT_EQ(frame.header.records, 100u);
  EXPECT_TRUE(same(frame.body, question));
  Frame again;
  ASSERT_EQ(agents.channel(1, 0).peek(again), Peek::ready);
  EXPECT_EQ(again.body.data(), frame.body.data()) << "peeking again gives the same frame";
  agents.channel(1, 0).release();
  EXPECT_EQ(agents.channel(1, 0).peek(frame), Peek::empty);
  ASSERT_TRUE(agents.push(1, 0, answer));
  ASSERT_TRUE(agents.receive(0, 1, frame));
  EXPECT_TRUE(same(frame.body, answer));
  agents.channel(0, 1).release();
  EXPECT_TRUE(agents.step_until(
      [&] { return agents.channel(0, 1).drained() && agents.channel(1, 0).drained(); }));
}

TEST(UcxTransport, reaches_only_its_peers) {
  Agents agents(3);
  EXPECT_EQ(agents[1].channel({1}), nullptr);
  EXPECT_EQ(agents[1].channel({3}), nullptr);
  EXPECT_NE(agents[1].channel({0}), nullptr);
  EXPECT_NE(agents[1].channel({2}), nullptr);
}

TEST(UcxTransport, carries_every_size_up_to_the_largest) {
  Agents agents(2);
  std::vector<std::size_t> sizes{0, 1, 15, 16, 17, 8100, 8192, 65536, 131072, 139264, 262144};
  sizes.push_back(wire::max_body_bytes - 1);
  sizes.push_back(wire::max_body_bytes);
  for (const std::size_t bytes : sizes) {
    SCOPED_TRACE(testing::Message() << bytes << " bytes");
    const auto body = pattern(bytes, bytes);
    ASSERT_TRUE(agents.push(0, 1, body));
    Frame frame;
    ASSERT_TRUE(agents.receive(1, 0, frame));
    EXPECT_TRUE(same(frame.body, body));
    agents.channel(1, 0).release();
  }
}

/// What a random schedule has under way from one agent to another.
struct Flow {
  std::uint32_t from, to;
  std::uint64_t pushed = 0;
  std::deque<std::uint64_t> expected{};
};

std::size_t random_size(std::mt19937& random, std::size_t largest) {
  switch (random() % 4) {
    case 0: return random() % 64;
    case 1: return random() % std::min<std::size_t>(largest + 1, 9000);
    case 2: return random() % (largest + 1);
    default: return 0;
  }
}

void random_action(Agents& agents, Flow& flow, std::mt19937& random, std::size_t largest) {
  if (random() % 3 != 0) {
    const std::uint64_t id = flow.pushed * 8 + std::uint64_t{flow.from} * 3 + flow.to;
    const auto body = pattern(random_size(random, largest), id);
    const Push pushed = agents.channel(flow.from, flow.to).try_push(FrameKind::final, id, body);
    ASSERT_NE(pushed, Push::closed) << agents.channel(flow.from, flow.to).status().message();
    if (pushed == Push::ok) {
      ++flow.pushed;
      flow.expected.push_back(id);
    }
    return;
  }
  Frame frame;
  const Peek peeked = agents.channel(flow.to, flow.from).peek(frame);
  ASSERT_NE(peeked, Peek::broken) << agents.channel(flow.to, flow.from).status().message();
  if (peeked == Peek::empty) return;
  ASSERT_FALSE(flow.expected.empty());
  ASSERT_EQ(frame.header.records, flow.expected.front());
  ASSERT_TRUE(same(frame.body, pattern(frame.body.size(), flow.expected.front())));
  agents.channel(flow.to, flow.from).release();
  flow.expected.pop_front();
}

// Three agents, everybody to everybody, small and fragmented frames mixed: order, content, once.
TEST(UcxTransport, random_schedule_matches_model) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const std::size_t largest = seed % 2 == 0 ? 20'000 : 300'000;
    Agents agents(3, {.max_frame_bytes = largest, .memory_bytes = 1 << 20});
    std::vector<Flow> flows{{0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}};
    for (int step = 0; step < 3000; ++step) {
      ASSERT_NO_FATAL_FAILURE(random_action(agents, flows[random() % 6], random, largest));
      if (random() % 4 == 0) agents[static_cast<std::uint32_t>(random() % 3)].progress();
    }
    const auto finished = [&] {
      for (Flow& flow : flows) {
        for (Frame frame; agents.channel(flow.to, flow.from).peek(frame) == Peek::ready;) {
          if (flow.expected.empty() || frame.header.records != flow.expected.front()) return true;
          agents.channel(flow.to, flow.from).release();
          flow.expected.pop_front();
        }
      }
      return std::all_of(flows.begin(), flows.end(),
                         [](const Flow& flow) { return flow.expected.empty(); });
    };
    ASSERT_TRUE(agents.step_until(finished));
    for (const Flow& flow : flows) {
      EXPECT_TRUE(flow.expected.empty());
      EXPECT_TRUE(agents.step_until([&] { return agents.channel(flow.from, flow.to).drained(); }));
      Frame frame;
      EXPECT_EQ(agents.channel(flow.to, flow.from).peek(frame), Peek::empty);
    }
    for (std::uint32_t agent = 0; agent < 3; ++agent) EXPECT_EQ(agents[agent].stats().rejected, 0u);
  }
}

// A consumer that does not release stops the producer within the window, and nobody else.
TEST(UcxTransport, back_pressure_stops_within_the_window) {
  Agents agents(3, {.max_frame_bytes = 10'000, .memory_bytes = 1 << 20});
  const auto body = pattern(10'000, 3);
  std::size_t pushed = 0;
  std::uint64_t last_push_ns = monotonic_ns();
  while (monotonic_ns() - last_push_ns < 100'000'000) {
    agents.step();
    if (agents.channel(0, 1).try_push(FrameKind::routed, 0, body) != Push::ok) continue;
    ++pushed;
    last_push_ns = monotonic_ns();
    ASSERT_LE(pushed * body.size(), agents[0].window_bytes());
  }
  EXPECT_GE(pushed, 2u);
  EXPECT_GT(agents[0].stats().stalls, 0u);
  EXPECT_FALSE(agents.channel(0, 1).drained());
  ASSERT_TRUE(agents.push(0, 2, body)) << "other peers go on";
  Frame frame;
  ASSERT_TRUE(agents.receive(2, 0, frame));
  std::size_t received = 0;
  while (received < pushed) {
    ASSERT_TRUE(agents.receive(1, 0, frame));
    ASSERT_TRUE(same(frame.body, body));
    agents.channel(1, 0).release();
    ++received;
  }
  EXPECT_TRUE(agents.push(0, 1, body)) << "room came back";
}

// Agents with more peers grant each of them less; the smaller window of a pair counts.
TEST(UcxTransport, windows_of_two_ends_may_differ) {
  const auto wide = make_fabric({.max_frame_bytes = 1000, .memory_bytes = 1 << 20});
  const auto narrow = make_fabric({.max_frame_bytes = 1000, .memory_bytes = 20'000});
  ASSERT_TRUE(wide->connect({0}, job_key, {{{1}, narrow->address()}}).ok());
  ASSERT_TRUE(narrow->connect({1}, job_key, {{{0}, wide->address()}}).ok());
  ASSERT_LT(narrow->window_bytes(), wide->window_bytes());
  const auto body = pattern(1000, 1);
  std::uint64_t pushed = 0;
  std::uint64_t received = 0;
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  while (received < 2000 && monotonic_ns() < deadline) {
    while (pushed < 2000 &&
           wide->channel({1})->try_push(FrameKind::routed, pushed, body) == Push::ok) {
      ++pushed;
      ASSERT_LE((pushed - received) * body.size(), narrow->window_bytes());
    }
    wide->progress();
    narrow->progress();
    Frame frame;
    if (pushed - received > 3 && narrow->channel({0})->peek(frame) != Peek::ready) continue;
    while (narrow->channel({0})->peek(frame) == Peek::ready) {
      ASSERT_EQ(frame.header.records, received);
      narrow->channel({0})->release();
      ++received;
    }
  }
  EXPECT_EQ(received, 2000u);
  EXPECT_EQ(narrow->stats().rejected + wide->stats().rejected, 0u);
}

// Frames pushed between two looks at the network share packets; the first does not wait for them.
TEST(UcxTransport, sends_the_first_frame_at_once_and_the_rest_together) {
  Agents agents(2, {.max_frame_bytes = 1000});
  const auto body = pattern(100, 5);
  ASSERT_TRUE(agents.push(0, 1, body));
  Frame frame;
  ASSERT_TRUE(agents.receive(1, 0, frame));
  agents.channel(1, 0).release();
  agents[0].progress();
  const std::uint64_t packets = agents[0].stats().packets_out;
  ASSERT_EQ(agents.channel(0, 1).try_push(FrameKind::routed, 0, body), Push::ok);
  EXPECT_EQ(agents[0].stats().packets_out, packets + 1);
  const auto push_nine = [&] {
    for (int i = 0; i < 9; ++i) {
      ASSERT_EQ(agents.channel(0, 1).try_push(FrameKind::routed, 0, body), Push::ok);
    }
  };
  push_nine();
  EXPECT_EQ(agents[0].stats().packets_out, packets + 1);
  agents[0].progress();
  EXPECT_EQ(agents[0].stats().packets_out, packets + 2);
  agents[0].progress();
  push_nine();
  EXPECT_EQ(agents[0].stats().packets_out, packets + 3);
  agents.channel(0, 1).flush_wakeups();
  EXPECT_EQ(agents[0].stats().packets_out, packets + 4);
  agents.channel(0, 1).flush_wakeups();
  EXPECT_EQ(agents[0].stats().packets_out, packets + 4);
  for (int i = 0; i < 19; ++i) {
    ASSERT_TRUE(agents.receive(1, 0, frame));
    EXPECT_TRUE(same(frame.body, body));
    agents.channel(1, 0).release();
  }
}

void fall_asleep(UcxTransport& fabric) {
  while (fabric.progress() != 0 || !fabric.arm()) {
  }
}

bool wakes(UcxTransport& fabric, int timeout_ms) {
  pollfd ready{fabric.event_fd(), POLLIN, 0};
  return ::poll(&ready, 1, timeout_ms) == 1;
}

TEST(UcxTransport, event_fd_wakes_for_frames_and_for_room) {
  Agents agents(2, {.max_frame_bytes = 10'000, .memory_bytes = 1 << 20});
  const auto body = pattern(10'000, 7);
  ASSERT_TRUE(agents.meet(0, 1));
  // UCX may have something left to say after connecting; then nothing happens any more.
  const bool both_sleep = agents.step_until([&] {
    fall_asleep(agents[0]);
    fall_asleep(agents[1]);
    return !wakes(agents[0], 20) && !wakes(agents[1], 20);
  });
  ASSERT_TRUE(both_sleep);

  ASSERT_EQ(agents.channel(0, 1).try_push(FrameKind::routed, 0, body), Push::ok);
  EXPECT_TRUE(wakes(agents[1], 5000)) << "a frame wakes";
  Frame frame;
  ASSERT_TRUE(agents.receive(1, 0, frame));
  agents.channel(1, 0).release();

  std::uint64_t last_push_ns = monotonic_ns();
  while (monotonic_ns() - last_push_ns < 50'000'000) {
    agents.step();
    if (agents.channel(0, 1).try_push(FrameKind::routed, 0, body) == Push::ok) {
      last_push_ns = monotonic_ns();
    }
  }
  const bool sleeps = agents.step_until([&] {
    fall_asleep(agents[0]);
    return !wakes(agents[0], 20);
  });
  ASSERT_TRUE(sleeps) << "a full window is no reason to stay awake";
  while (agents.channel(1, 0).peek(frame) == Peek::ready) {
    agents.channel(1, 0).release();
    agents[1].progress();
  }
  EXPECT_TRUE(wakes(agents[0], 5000)) << "room wakes";
  ASSERT_TRUE(agents.step_until(
      [&] { return agents.channel(0, 1).try_push(FrameKind::routed, 0, body) == Push::ok; }));
}

// An agent about to sleep tells its peers what it has consumed, or they would wait for room.
TEST(UcxTransport, arming_acknowledges) {
  Agents agents(2, {.max_frame_bytes = 1000});
  ASSERT_TRUE(agents.push(0, 1, pattern(10, 1)));
  Frame frame;
  ASSERT_TRUE(agents.receive(1, 0, frame));
  agents.channel(1, 0).release();
  agents[1].arm();
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  while (!agents.channel(0, 1).drained() && monotonic_ns() < deadline) agents[0].progress();
  EXPECT_TRUE(agents.channel(0, 1).drained());
}

TEST(UcxTransport, refuses_damaged_addresses_and_doubled_peers) {
  auto fabric = make_fabric();
  const auto peer = make_fabric();
  std::string damaged = peer->address();
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  const std::string cut = peer->address().substr(0, 20);
  for (const std::string& address : {damaged, cut, std::string()}) {
    const Status status = make_fabric()->connect({0}, job_key, {{{1}, address}});
    EXPECT_EQ(status.code(), ErrorCode::corrupt) << status.message();
  }
  const std::string good = peer->address();
  EXPECT_EQ(make_fabric()->connect({0}, job_key, {{{0}, good}}).code(),
            ErrorCode::invalid_argument);
  EXPECT_EQ(make_fabric()->connect({0}, job_key, {{{1}, good}, {{1}, good}}).code(),
            ErrorCode::invalid_argument);
}

/// An agent in a thread of its own: bounces frames with the other one.
void run_agent(std::uint32_t self, std::array<std::promise<std::string>, 2>& addresses,
               int frames) {
  auto fabric = make_fabric({.max_frame_bytes = 5000});
  addresses[self].set_value(fabric->address());
  const std::string other = addresses[1 - self].get_future().get();
  ASSERT_TRUE(fabric->connect({self}, job_key, {{{1 - self}, other}}).ok());
  transport::Channel& channel = *fabric->channel({1 - self});
  for (int i = 0; i < frames; ++i) {
    const auto body = pattern(static_cast<std::size_t>(i), 1);
    ASSERT_EQ(channel.try_push(FrameKind::routed, 0, body), Push::ok);
    Frame frame;
    const std::uint64_t deadline = monotonic_ns() + patience_ns;
    while (channel.peek(frame) == Peek::empty && monotonic_ns() < deadline) fabric->progress();
    ASSERT_TRUE(same(frame.body, body)) << channel.status().message();
    channel.release();
  }
}

// Agents of one process share UCX's context and nothing else; they come and go at any time.
TEST(UcxTransport, agents_live_in_threads) {
  for (int round = 0; round < 3; ++round) {
    std::array<std::promise<std::string>, 2> addresses;
    std::thread one([&] { run_agent(0, addresses, 500); });
    std::thread two([&] { run_agent(1, addresses, 500); });
    one.join();
    two.join();
  }
}

TEST(UcxTransport, does_nothing_before_it_is_connected) {
  const auto fabric = make_fabric();
  EXPECT_EQ(fabric->progress(), 0u);
  EXPECT_EQ(fabric->channel({0}), nullptr);
  EXPECT_GE(fabric->event_fd(), 0);
}

}  // namespace
}  // namespace buddy::transport::test
