// Admission from both sides: who knows the key comes in, and nobody else learns anything.
#include "transport/control/greeting.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "support/bodies.hpp"
#include "transport/control/control_listener.hpp"
#include "transport/control/message_stream.hpp"

namespace buddy::transport {
namespace {

constexpr JobKey key{{0x0123456789abcdef, 0x0fedcba987654321}};
constexpr JobKey other_key{{0x0123456789abcdef, 0x0fedcba987654320}};
constexpr int timeout_s = 10;

/// What the rank's side gets from an engine that behaves like \p engine on every connection.
Result<Greeted> greet_one_like(const std::function<void(ControlSocket&)>& engine) {
  auto listener = ControlListener::open(ControlAddress::tcp("127.0.0.1", 0), timeout_s);
  EXPECT_TRUE(listener.ok()) << listener.status().message();
  std::atomic<bool> enough{false};
  std::thread thread([&] {
    while (!enough.load()) {
      auto socket = listener.value().accept();
      if (socket.ok() && socket.value()) engine(socket.value());
      ::usleep(1000);
    }
  });
  auto greeted = connect_and_greet({listener.value().address(), key, {}, timeout_s});
  enough.store(true);
  thread.join();
  return greeted;
}

/// An honest engine with \p its_key, up to its Welcome.
void serve_honestly(ControlSocket& socket, const JobKey& its_key) {
  GreetingCheck check(its_key);
  for (;;) {
    const auto message = socket.receive(20'000);
    if (!message.ok()) return;
    const auto outcome = check.take(message.value());
    if (const auto* challenge = std::get_if<Challenge>(&outcome)) {
      ASSERT_TRUE(socket.send(*challenge).ok());
    } else if (std::holds_alternative<GreetingCheck::Admitted>(outcome)) {
      ASSERT_TRUE(socket.send(Welcome{3, 4, {5}, {}}).ok());
      return;
    } else {
      const auto& refused = std::get<GreetingCheck::Refused>(outcome);
      if (refused.answer) {
        ASSERT_TRUE(socket.send(*refused.answer).ok());
      }
      return;
    }
  }
}

TEST(Greeting, who_shares_the_key_comes_in) {
  const auto greeted = greet_one_like([](ControlSocket& socket) { serve_honestly(socket, key); });
  ASSERT_TRUE(greeted.ok()) << greeted.status().message();
  EXPECT_EQ(greeted.value().welcome.workers, 3u);
}

TEST(Greeting, an_engine_of_another_job_is_an_error) {
  const Status status =
      greet_one_like([](ControlSocket& socket) { serve_honestly(socket, other_key); }).status();
  EXPECT_EQ(status.code(), ErrorCode::mismatch);
  EXPECT_NE(status.message().find("another job"), std::string::npos) << status.message();
}

// It would take any rank, to learn something from it: it gets no proof.
TEST(Greeting, an_impostor_learns_nothing) {
  std::vector<Message> heard;
  const Status status = greet_one_like([&](ControlSocket& socket) {
                          auto hello = socket.receive(20'000);
                          ASSERT_TRUE(hello.ok());
                          heard.push_back(hello.value());
                          ASSERT_TRUE(socket.send(Challenge{fresh_nonce(), fresh_nonce()}).ok());
                          auto answer = socket.receive(20'000);
                          if (answer.ok()) heard.push_back(answer.value());
                        }).status();
  EXPECT_EQ(status.code(), ErrorCode::mismatch);
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Hello>(heard[0]));
  EXPECT_TRUE(std::holds_alternative<Refusal>(heard[1]));
}

TEST(Greeting, an_engine_that_only_hangs_up_is_an_error_in_time) {
  const Status status = greet_one_like([](ControlSocket&) {}).status();
  EXPECT_EQ(status.code(), ErrorCode::no_engine);
  EXPECT_NE(status.message().find("closes every connection"), std::string::npos);
}

TEST(Greeting, strange_refusals_stay_errors) {
  for (const std::uint32_t code : {0u, 100u}) {
    const Status status = greet_one_like([&](ControlSocket& socket) {
                            ASSERT_TRUE(socket.receive(20'000).ok());
                            ASSERT_TRUE(socket.send(Refusal{code, "no"}).ok());
                          }).status();
    EXPECT_EQ(status.code(), ErrorCode::mismatch);
    EXPECT_EQ(status.message(), "the engine refuses: no");
  }
}

GreetingEnd end_of(const GreetingCheck::Outcome& outcome) {
  const auto* refused = std::get_if<GreetingCheck::Refused>(&outcome);
  EXPECT_NE(refused, nullptr);
  return refused == nullptr ? GreetingEnd::silent : refused->why;
}

TEST(Greeting, out_of_turn_is_malformed) {
  for (const Message& message : {Message(Proof{}), Message(Challenge{}), Message(Welcome{}),
                                 Message(Join{}), Message(Bye{})}) {
    GreetingCheck first(key);
    EXPECT_EQ(end_of(first.take(message)), GreetingEnd::malformed) << message.index();
  }
  GreetingCheck twice(key);
  ASSERT_TRUE(std::holds_alternative<Challenge>(twice.take(Hello{})));
  EXPECT_EQ(end_of(twice.take(Hello{})), GreetingEnd::malformed);
}

TEST(Greeting, every_end_has_words) {
  for (std::size_t i = 0; i < greeting_ends; ++i) {
    EXPECT_STRNE(describe(static_cast<GreetingEnd>(i)), "");
  }
}

// The key is in no byte that either side sends.
TEST(Greeting, the_key_never_travels) {
  std::vector<std::byte> all;
  GreetingCheck check(key);
  Hello hello;
  hello.nonce = fresh_nonce();
  const auto outcome = check.take(hello);
  const auto& challenge = std::get<Challenge>(outcome);
  const Proof proof{prove_key(
      key, "control rank " + std::to_string(handshake_version) + " " + to_string(hello.job),
      {hello.nonce, challenge.nonce})};
  ASSERT_TRUE(std::holds_alternative<GreetingCheck::Admitted>(check.take(proof)));
  for (const Message& message : {Message(hello), Message(challenge), Message(proof)}) {
    const auto bytes = encode(message);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  for (const std::uint64_t word : key.words) {
    const auto bytes = std::as_bytes(std::span(&word, 1));
    EXPECT_EQ(std::search(all.begin(), all.end(), bytes.begin(), bytes.end()), all.end());
  }
}

// Nobody is admitted by chance, whatever bits of an honest proof are turned.
TEST(Greeting, every_bit_of_a_proof_counts) {
  for (std::size_t bit = 0; bit < 8 * std::tuple_size_v<KeyProof>; ++bit) {
    GreetingCheck check(key);
    const Hello hello;
    const auto outcome = check.take(hello);
    Proof proof{prove_key(
        key, "control rank " + std::to_string(handshake_version) + " " + to_string(hello.job),
        {hello.nonce, std::get<Challenge>(outcome).nonce})};
    proof.proof[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_EQ(end_of(check.take(proof)), GreetingEnd::key) << bit;
  }
}

}  // namespace
}  // namespace buddy::transport
