// Ranks that reach their engine over a network: nothing in shared memory is between them.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "engine/fake_rank.hpp"
#include "engine/server.hpp"
#include "support/scratch.hpp"
#include "wire/control.hpp"
#include "wire/engine_counters.hpp"

namespace buddy::engine {
namespace {

constexpr JobKey key{{7, 11}};

/// A server in a thread, and a map of one agent.
struct NetworkLink : testing::Test {
  void SetUp() override {
    ServerOptions options;
    options.key = key;
    ListenOptions listen;
    listen.socket_path = scratch / "engine.sock";
    std::atomic<bool> ready{false};
    listen.on_ready = [&] { ready.store(true); };
    server = std::thread(
        [this, options, listen] { EXPECT_TRUE(run_server(options, listen, stop).ok()); });
    while (!ready.load()) std::this_thread::yield();
  }
  void TearDown() override {
    stop.store(true);
    server.join();
  }

  static wire::JobMap map_of(std::uint32_t ranks) {
    wire::JobMap map;
    map.agent_of_rank.assign(ranks, 0);
    map.node_of_agent = map.machine_of_agent = {0};
    return map;
  }
  FakeRank greeted(std::uint32_t rank) {
    FakeRank made(scratch / "engine.sock", rank, transport::LinkKind::network, key);
    EXPECT_TRUE(made.hello(key));
    return made;
  }
  /// Ranks of one agent that have joined and are connected.
  std::vector<FakeRank> connected(std::uint32_t count) {
    std::vector<FakeRank> ranks;
    for (std::uint32_t r = 0; r < count; ++r) ranks.push_back(greeted(r));
    for (FakeRank& rank : ranks) EXPECT_TRUE(rank.join(1, map_of(count)));
    EXPECT_TRUE(ranks[0].gets<transport::Connected>(transport::Connect{{ranks[0].agent()}}));
    return ranks;
  }

  test::Scratch scratch;
  std::atomic<bool> stop{false};
  std::thread server;
};

TEST_F(NetworkLink, nothing_of_it_is_a_file) {
  auto ranks = connected(1);
  EXPECT_EQ(ranks[0].joined().link.kind, transport::LinkKind::network);
  EXPECT_FALSE(ranks[0].link().channel().shares_memory());
  EXPECT_EQ(ranks[0].link().doorbell(), nullptr);
  EXPECT_GE(ranks[0].link().event_fd(), 0);
}

TEST_F(NetworkLink, passes_barriers_and_tells_the_engines_counters) {
  auto ranks = connected(1);
  EXPECT_EQ(ranks[0].link().counters().get(Counter::barriers), 0u);
  for (std::uint64_t epoch = 1; epoch <= 100; ++epoch) {
    ASSERT_TRUE(ranks[0].passes_barrier(epoch)) << epoch;
    ASSERT_EQ(ranks[0].link().counters().get(Counter::barriers), epoch);
  }
  EXPECT_GT(ranks[0].link().counters().get(Counter::polls), 0u);
}

// The slots of the engine's page are memory of another machine: barriers fill them.
TEST_F(NetworkLink, a_roll_call_knows_who_is_in_the_barrier) {
  auto ranks = connected(2);
  ASSERT_TRUE(
      ranks[1].push(wire::FrameKind::report, wire::bytes_of(wire::BarrierReport{1, 0, 0, 0})));
  const std::uint64_t deadline = monotonic_ns() + 20'000'000'000;
  for (bool seen = false; !seen;) {
    ASSERT_LT(monotonic_ns(), deadline);
    ASSERT_TRUE(ranks[0].push(wire::FrameKind::roll_call, wire::bytes_of(wire::RollCall{0, 0})));
    const auto [kind, body] = ranks[0].pull();
    ASSERT_EQ(kind, wire::FrameKind::roll_answer);
    const auto answer = wire::decode_roll_answer(body);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->places.size(), 2u);
    EXPECT_EQ(answer->places[0].where, static_cast<std::uint32_t>(wire::Where::elsewhere));
    seen = answer->places[1].where == static_cast<std::uint32_t>(wire::Where::barrier) &&
           answer->places[1].barrier == 1;
    ranks[1].link().progress();
  }
}

// Nothing that a rank says is taken for granted.
TEST_F(NetworkLink, links_of_no_known_kind_and_damaged_addresses_are_refused) {
  for (const transport::LinkAddress& wrong :
       {transport::LinkAddress{static_cast<transport::LinkKind>(7), "x"},
        transport::LinkAddress{transport::LinkKind::rings, "x"}}) {
    FakeRank rank = greeted(0);
    transport::Join join = rank.join_message(1, map_of(1));
    join.link = wrong;
    const auto answer = rank.ask(join);
    ASSERT_TRUE(answer.ok()) << answer.status().message();
    const auto* refusal = std::get_if<transport::Refusal>(&answer.value());
    ASSERT_NE(refusal, nullptr);
    EXPECT_EQ(refusal->code, static_cast<std::uint32_t>(ErrorCode::corrupt)) << refusal->message;
  }
  // A network's address is looked at when all ranks are there.
  FakeRank rank = greeted(0);
  ASSERT_TRUE(rank.join(1, map_of(1)));
  transport::Join join = rank.join_message(2, map_of(1));
  FakeRank other = greeted(0);
  join.link = {transport::LinkKind::network, "not an address"};
  ASSERT_TRUE(other.gets<transport::Joined>(join));
  const auto answer = other.ask(transport::Connect{{rank.agent()}});
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(std::holds_alternative<transport::Refusal>(answer.value()));
}

TEST_F(NetworkLink, a_rank_with_another_key_is_not_heard) {
  FakeRank stranger(scratch / "engine.sock", 0, transport::LinkKind::network, JobKey{{1, 2}});
  ASSERT_TRUE(stranger.hello(key));  // greets rightly, but signs packets with another key
  ASSERT_TRUE(stranger.join(1, map_of(1)));
  ASSERT_TRUE(stranger.gets<transport::Connected>(transport::Connect{{stranger.agent()}}));
  ASSERT_TRUE(
      stranger.push(wire::FrameKind::report, wire::bytes_of(wire::BarrierReport{1, 0, 0, 0})));
  wire::Frame frame;
  const std::uint64_t deadline = monotonic_ns() + 200'000'000;
  while (monotonic_ns() < deadline) {
    stranger.link().progress();
    ASSERT_EQ(stranger.link().channel().peek(frame), wire::Peek::empty);
  }
}

TEST_F(NetworkLink, who_leaves_in_good_order_is_no_death) {
  auto ranks = connected(2);
  ASSERT_TRUE(ranks[0].push(wire::FrameKind::goodbye, {}));
  while (!ranks[0].link().channel().drained()) ranks[0].link().progress();
  ASSERT_TRUE(ranks[0].socket().send(transport::Bye{}).ok());
  ranks.erase(ranks.begin());
  wire::Frame frame;
  const std::uint64_t deadline = monotonic_ns() + 200'000'000;
  while (monotonic_ns() < deadline) {
    ranks[0].link().progress();
    ASSERT_EQ(ranks[0].link().channel().peek(frame), wire::Peek::empty);
  }
}

TEST_F(NetworkLink, who_is_gone_is_an_error_for_the_others) {
  auto ranks = connected(2);
  ranks.erase(ranks.begin());
  const auto [kind, body] = ranks[0].pull();
  ASSERT_EQ(kind, wire::FrameKind::failure);
  const auto failure = wire::read_failure(body);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), ErrorCode::peer_died);
  EXPECT_NE(failure->message().find("rank 0"), std::string::npos) << failure->message();
}

}  // namespace
}  // namespace buddy::engine
