// What no real communicator shows on demand: a link that breaks in the middle.
#include "comm/endpoint/endpoint.hpp"

#include <gtest/gtest.h>

#include <buddy/comm.hpp>
#include <functional>

#include "comm/endpoint/fake_engine.hpp"

namespace buddy::comm {
namespace {

class NoHandlers final : public Receiver {
 public:
  bool accepts(std::uint32_t, std::uint32_t) noexcept override { return true; }
  void run_fixed(std::uint32_t, const std::byte*, std::uint32_t, std::uint32_t&) override {}
  void run_variable(std::uint32_t, std::span<const std::byte>) override {}
};

struct Rank {
  Rank() {
    outbox.idle = &never_idle;
    engine_channel.busy_steps = 1000;
  }
  detail::Outbox outbox;
  FakeEngine engine_channel;
  NoHandlers receiver;
  Endpoint endpoint{0, outbox, engine_channel, receiver, arena::sizes_for(2)};
};

using Call = std::function<void(Endpoint&)>;
const std::vector<std::pair<const char*, Call>> calls = {
    {"poll", [](Endpoint& endpoint) { endpoint.poll(); }},
    {"poll while held",
     [](Endpoint& endpoint) {
       endpoint.hold_handlers(true);
       endpoint.poll();
     }},
    {"wait_for_progress", [](Endpoint& endpoint) { endpoint.wait_for_progress(); }},
    {"progress_without_handlers", [](Endpoint& endpoint) { endpoint.progress_without_handlers(); }},
    {"progress_without_running", [](Endpoint& endpoint) { endpoint.progress_without_running(); }},
    {"barrier", [](Endpoint& endpoint) { endpoint.barrier(); }},
    {"phase_barrier", [](Endpoint& endpoint) { endpoint.phase_barrier(); }},
};

TEST(Endpoint, a_broken_link_is_an_error_in_every_call) {
  for (const auto& [name, call] : calls) {
    SCOPED_TRACE(name);
    Rank rank;
    rank.engine_channel.link.broken =
        Status(ErrorCode::corrupt, "a ring holds bytes that are no frame");
    try {
      call(rank.endpoint);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt);
    }
  }
}

// The engine always has something to do, so that no call finds a moment of rest.
TEST(Endpoint, a_death_is_an_error_in_every_call_of_a_busy_rank) {
  for (const auto& [name, call] : calls) {
    SCOPED_TRACE(name);
    Rank rank;
    rank.engine_channel.health_of_peers = Status(ErrorCode::peer_died, "rank 1 has ended");
    try {
      for (int i = 0; i < 100; ++i) call(rank.endpoint);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::peer_died);
    }
  }
}

// A handler that waits keeps the frame it reads, so the one that says so cannot be taken.
TEST(Endpoint, a_failure_that_the_engine_notes_is_an_error_in_a_handler_that_waits) {
  Rank rank;
  rank.endpoint.progress_in_handler();
  rank.engine_channel.noted = Status(ErrorCode::peer_died, "rank 1 has ended");
  EXPECT_THROW(rank.endpoint.progress_in_handler(), Error);
  EXPECT_EQ(rank.endpoint.failure().code(), ErrorCode::peer_died);
  EXPECT_TRUE(rank.endpoint.notified_by_engine());
}

TEST(Endpoint, a_death_is_an_error_in_a_call_that_only_sends) {
  Rank rank;
  rank.engine_channel.health_of_peers = Status(ErrorCode::peer_died, "rank 1 has ended");
  const std::vector<std::byte> payload(1000);
  EXPECT_THROW(
      {
        for (int i = 0; i < 1000; ++i) rank.endpoint.send(1, 0, true, payload);
      },
      Error);
}

// Were they two objects, the compiler could choose which one is initialised first.
TEST(Registered, key_and_id_fit) {
  const auto handler = [](int, double) {};
  using Message = detail::Registered<decltype(handler), int, double>;
  ASSERT_LT(Message::id, detail::handler_count());
  const std::uint32_t bytes = detail::find_handler(Message::id)->item_bytes;
  EXPECT_EQ(Message::key, detail::Outbox::key(Message::id, bytes));
  EXPECT_EQ(&Message::key, &Message::number.key);
  EXPECT_EQ(&Message::id, &Message::number.id);
}

}  // namespace
}  // namespace buddy::comm
