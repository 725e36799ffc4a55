// The simulated network: when frames arrive, what they cost, and what is not there until asked for.
#include "transport/sim/sim_transport.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <string>

#include "support/seeds.hpp"

namespace buddy::transport {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

Push push(SimNetwork& network, std::uint32_t from, std::uint32_t to, const std::string& text) {
  return network.fabric({from}).channel({to})->try_push(FrameKind::routed, 1, bytes_of(text));
}

/// The text of the oldest frame, which is released; empty if there is none.
std::string take(SimNetwork& network, std::uint32_t self, std::uint32_t from) {
  SimChannel& channel = *network.fabric({self}).channel({from});
  Frame frame;
  if (channel.peek(frame) != Peek::ready) return {};
  const std::string text(reinterpret_cast<const char*>(frame.body.data()), frame.body.size());
  channel.release();
  return text;
}

SimWire steady(std::uint64_t delay_ns) {
  return {.min_delay_ns = delay_ns, .max_delay_ns = delay_ns};
}

TEST(SimTransport, both_ends_of_a_connection_are_one_whoever_asks_first) {
  SimNetwork network(3, {.wire = steady(5)});
  ASSERT_EQ(push(network, 2, 0, "from two"), Push::ok);
  ASSERT_EQ(push(network, 0, 2, "from zero"), Push::ok);
  network.advance_to(5);
  EXPECT_EQ(network.fabric({0}).progress(), 1u);
  EXPECT_EQ(network.fabric({2}).progress(), 1u);
  EXPECT_EQ(take(network, 0, 2), "from two");
  EXPECT_EQ(take(network, 2, 0), "from zero");
  EXPECT_EQ(network.fabric({0}).channel({2}), network.fabric({0}).channel({2}));
  EXPECT_FALSE(network.next_event_ns({1}));
}

// A network of so many agents would take 2^32 lanes if they were made for all pairs.
TEST(SimTransport, agents_that_nobody_asks_for_have_no_connections) {
  SimNetwork network(65536, {.wire = steady(5)});
  ASSERT_EQ(push(network, 0, 65535, "far"), Push::ok);
  network.advance_to(5);
  EXPECT_EQ(network.fabric({65535}).progress(), 1u);
  EXPECT_EQ(take(network, 65535, 0), "far");
}

TEST(SimTransport, a_port_sends_one_frame_after_the_other) {
  SimWire wire = steady(100);
  wire.port_byte_ns = 2;
  SimNetwork network(3, {.wire = wire, .near = steady(1), .node_of_agent = {0, 0, 1}});
  // 16 bytes of header and 4 of body: the port is busy for 40 ns with each.
  ASSERT_EQ(push(network, 0, 2, "abcd"), Push::ok);
  EXPECT_EQ(network.next_event_ns({2}), 140u);
  ASSERT_EQ(push(network, 1, 2, "efgh"), Push::ok) << "from another agent of the same node";
  ASSERT_EQ(push(network, 2, 0, "ijkl"), Push::ok) << "from another port";
  EXPECT_EQ(network.next_event_ns({0}), 140u);
  network.advance_to(140);
  EXPECT_EQ(network.fabric({2}).progress(), 1u);
  EXPECT_EQ(network.next_event_ns({2}), 180u);
  ASSERT_EQ(push(network, 0, 1, "near"), Push::ok);
  EXPECT_EQ(network.next_event_ns({1}), 141u) << "near agents need no port";
}

TEST(SimTransport, frames_cost_time_at_both_ends) {
  SimWire wire = steady(10);
  wire.frame_ns = 30;
  wire.byte_ns = 0.5;
  SimNetwork network(2, {.wire = wire});
  SimTransport& sender = network.fabric({0});
  SimTransport& receiver = network.fabric({1});
  ASSERT_EQ(push(network, 0, 1, "abcd"), Push::ok);
  EXPECT_EQ(sender.now_ns(), 40u);
  EXPECT_EQ(network.next_event_ns({1}), 50u) << "it leaves when that is done";
  ASSERT_EQ(push(network, 0, 1, "efgh"), Push::ok);
  EXPECT_EQ(sender.take_spent_ns(), 80);
  EXPECT_EQ(sender.now_ns(), 0u);
  network.advance_to(90);
  EXPECT_EQ(receiver.progress(), 2u);
  EXPECT_EQ(take(network, 1, 0), "abcd");
  EXPECT_EQ(receiver.take_spent_ns(), 40);
  EXPECT_EQ(sender.traffic().packets, 2u);
  EXPECT_EQ(sender.traffic().messages, 2u);
  EXPECT_EQ(sender.traffic().bytes, 40u);
  EXPECT_EQ(sender.traffic().in_flight_bytes, 20u);
  EXPECT_EQ(sender.traffic().most_in_flight_bytes, 40u);
}

TEST(SimTransport, control_frames_are_no_packets) {
  SimNetwork network(2, {});
  SimTransport& sender = network.fabric({0});
  ASSERT_EQ(sender.channel({1})->try_push(FrameKind::wave, 0, bytes_of("wave")), Push::ok);
  EXPECT_EQ(sender.traffic().control_frames, 1u);
  EXPECT_EQ(sender.traffic().packets, 0u);
}

class Ear final : public SimListener {
 public:
  void expects(AgentId agent, std::uint64_t at_ns) noexcept override {
    heard.push_back({agent.value, at_ns});
  }
  std::vector<std::pair<std::uint32_t, std::uint64_t>> heard;
};

TEST(SimTransport, who_sleeps_is_told_of_what_comes_first) {
  SimNetwork network(3, {.wire = steady(10)});
  Ear ear;
  network.set_listener(&ear);
  ASSERT_EQ(push(network, 0, 2, "first"), Push::ok);
  network.advance_to(3);
  ASSERT_EQ(push(network, 1, 2, "later"), Push::ok);
  network.advance_to(20);
  network.fabric({2}).progress();
  EXPECT_EQ(take(network, 2, 0), "first");  // its room comes back to 0
  const std::vector<std::pair<std::uint32_t, std::uint64_t>> expected = {{2, 10}, {0, 30}};
  EXPECT_EQ(ear.heard, expected);
  network.set_listener(nullptr);
}

// Whatever happens in between, frames arrive in order, each once, and a full lane refuses.
TEST(SimTransport, random_schedules_match_bounded_queues) {
  test::for_each_seed(50, [](std::uint64_t seed) {
    test::Random random(seed);
    SimOptions options{.seed = seed};
    options.wire.capacity_bytes = 200;
    SimNetwork network(4, options);
    std::deque<std::string> model[4][4];  // NOLINT(modernize-avoid-c-arrays)
    std::size_t in_flight[4][4] = {};     // NOLINT(modernize-avoid-c-arrays)
    std::uint32_t number = 0;
    for (int step = 0; step < 2000; ++step) {
      const auto a = static_cast<std::uint32_t>(random.below(4));
      const auto b = static_cast<std::uint32_t>((a + 1 + random.below(3)) % 4);
      if (random.one_in(2)) {
        const std::string text = std::to_string(++number) + std::string(random.below(50), '.');
        const bool may_be_refused = in_flight[a][b] + 16 + text.size() > 200;
        const Push pushed = push(network, a, b, text);
        if (may_be_refused) {
          ASSERT_EQ(pushed, Push::full);
        }
        if (pushed == Push::ok) {
          model[a][b].push_back(text);
          in_flight[a][b] += 16 + text.size();
        }
      } else {
        network.fabric({a}).progress();
        const std::string text = take(network, a, b);
        if (text.empty()) continue;
        ASSERT_FALSE(model[b][a].empty());
        ASSERT_EQ(text, model[b][a].front());
        model[b][a].pop_front();
        in_flight[b][a] -= 16 + text.size();
      }
      network.advance_to(network.now_ns() + random.below(3'000));
    }
  });
}

}  // namespace
}  // namespace buddy::transport
