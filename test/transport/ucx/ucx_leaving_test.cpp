// Agents that go: with a goodbye, without one, by signal, or that never were there.
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "base/unique_fd.hpp"
#include "transport/ucx/ucx_test_pair.hpp"

namespace buddy::transport::test {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

TEST(UcxLeaving, after_goodbye_nobody_complains) {
  Agents agents(2);
  ASSERT_TRUE(agents.meet(0, 1));
  const auto last_words = pattern(50'000, 1);
  ASSERT_TRUE(agents.push(0, 1, last_words));
  ASSERT_TRUE(agents.push(0, 1, {}, FrameKind::goodbye));
  agents.remove(0);
  transport::Channel& channel = agents.channel(1, 0);
  ASSERT_TRUE(agents.step_until(
      [&] { return channel.try_push(FrameKind::routed, 0, {}) == Push::closed; }));
  Frame frame;
  ASSERT_EQ(channel.peek(frame), Peek::ready) << "what it said is still there";
  EXPECT_TRUE(same(frame.body, last_words));
  channel.release();
  ASSERT_EQ(channel.peek(frame), Peek::ready);
  EXPECT_EQ(frame.header.kind, FrameKind::goodbye);
  channel.release();
  EXPECT_EQ(channel.peek(frame), Peek::empty);
  EXPECT_TRUE(channel.status().ok()) << channel.status().message();
  EXPECT_TRUE(channel.drained());
}

TEST(UcxLeaving, without_goodbye_it_is_a_death) {
  Agents agents(3);
  const auto body = pattern(1000, 1);
  ASSERT_TRUE(agents.push(0, 1, body));
  ASSERT_TRUE(agents.step_until([&] {
    Frame frame;
    return agents.channel(1, 0).peek(frame) == Peek::ready;
  }));
  agents.remove(0);
  transport::Channel& channel = agents.channel(1, 0);
  ASSERT_TRUE(agents.step_until([&] { return !channel.status().ok(); }));
  EXPECT_EQ(channel.status().code(), ErrorCode::peer_died);
  EXPECT_NE(channel.status().message().find("engine 0"), std::string::npos);
  Frame frame;
  ASSERT_EQ(channel.peek(frame), Peek::ready) << "what came before is delivered";
  EXPECT_TRUE(same(frame.body, body));
  channel.release();
  EXPECT_EQ(channel.peek(frame), Peek::broken);
  EXPECT_EQ(channel.try_push(FrameKind::routed, 0, {}), Push::closed);
  EXPECT_TRUE(channel.drained()) << "nothing is worth waiting for";

  ASSERT_TRUE(agents.push(1, 2, body)) << "the others go on";
  ASSERT_TRUE(agents.receive(2, 1, frame));
}

TEST(UcxLeaving, destructor_delivers_what_was_pushed) {
  Agents agents(2);
  ASSERT_TRUE(agents.meet(0, 1));
  const auto body = pattern(50'000, 1);
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(agents.channel(0, 1).try_push(FrameKind::routed, 0, body), Push::ok);
  }
  ASSERT_EQ(agents.channel(0, 1).try_push(FrameKind::goodbye, 0, {}), Push::ok);
  std::thread leaving([&] { agents.remove(0); });
  int received = 0;
  bool goodbye = false;
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  while (!goodbye && monotonic_ns() < deadline) {
    agents[1].progress();
    for (Frame frame; agents.channel(1, 0).peek(frame) == Peek::ready;) {
      goodbye = frame.header.kind == FrameKind::goodbye;
      received += same(frame.body, body) ? 1 : 0;
      agents.channel(1, 0).release();
    }
  }
  leaving.join();
  EXPECT_EQ(received, 10);
  EXPECT_TRUE(goodbye);
}

// A peer that neither reads nor goes away does not hold up the end.
TEST(UcxLeaving, destructor_is_bounded_in_time) {
  Agents agents(2, {.max_frame_bytes = 100'000});
  const auto body = pattern(100'000, 1);
  while (agents.channel(0, 1).try_push(FrameKind::routed, 0, body) == Push::ok) agents.step();
  const std::uint64_t start = monotonic_ns();
  agents.remove(0);
  EXPECT_LT(monotonic_ns() - start, patience_ns);
}

TEST(UcxLeaving, peer_that_is_gone_before_it_was_connected) {
  auto fabric = make_fabric();
  std::string address;
  {
    const auto gone = make_fabric();
    address = gone->address();
  }
  if (Status status = fabric->connect({0}, job_key, {{{1}, address}}); !status.ok()) {
    EXPECT_FALSE(status.message().empty());
    return;
  }
  transport::Channel& channel = *fabric->channel({1});
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  while (channel.status().ok() && monotonic_ns() < deadline) {
    (void)channel.try_push(FrameKind::routed, 0, {});
    fabric->progress();
  }
  EXPECT_EQ(channel.status().code(), ErrorCode::peer_died);
}

// ---- kill -9 --------------------------------------------------------------------------------

void exchange(int socket, const std::string& own, std::string& other) {
  const auto bytes = static_cast<std::uint32_t>(own.size());
  ASSERT_EQ(write(socket, &bytes, sizeof bytes), static_cast<ssize_t>(sizeof bytes));
  ASSERT_EQ(write(socket, own.data(), bytes), static_cast<ssize_t>(bytes));
  std::uint32_t size = 0;
  ASSERT_EQ(read(socket, &size, sizeof size), static_cast<ssize_t>(sizeof size));
  other.resize(size);
  ASSERT_EQ(read(socket, other.data(), size), static_cast<ssize_t>(size));
}

enum class Victim { idle, sending, not_reading };

/// The child: says hello, then does what it is told until it is killed.
[[noreturn]] void play_victim(int socket, Victim role) {
  auto fabric = make_fabric();
  std::string other;
  exchange(socket, fabric->address(), other);
  if (!fabric->connect({1}, job_key, {{{0}, other}}).ok()) _exit(1);
  transport::Channel& channel = *fabric->channel({0});
  const auto body = pattern(60'000, 1);
  (void)channel.try_push(FrameKind::wave, 0, {});
  bool met = false;
  for (;;) {
    if (role != Victim::not_reading || !met) fabric->progress();
    met = met || channel.drained();
    if (role == Victim::sending) (void)channel.try_push(FrameKind::routed, 0, body);
    if (getppid() == 1) _exit(2);
  }
}

class UcxKill : public testing::TestWithParam<Victim> {};

// Promised are 2 seconds; on one machine it takes milliseconds.
TEST_P(UcxKill, is_noticed) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const pid_t child = fork();  // before this process starts UCX
  if (child == 0) play_victim(ends[1], GetParam());
  ::close(ends[1]);
  const UniqueFd socket(ends[0]);
  auto fabric = make_fabric();
  std::string other;
  exchange(socket.get(), fabric->address(), other);
  ASSERT_TRUE(fabric->connect({0}, job_key, {{{1}, other}}).ok());
  transport::Channel& channel = *fabric->channel({1});
  Frame frame;
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  while (channel.peek(frame) == Peek::empty && monotonic_ns() < deadline) fabric->progress();
  ASSERT_EQ(frame.header.kind, FrameKind::wave);
  channel.release();
  if (GetParam() == Victim::not_reading) {  // a full window, and more in the kernel's buffers
    const auto body = pattern(100'000, 1);
    while (fabric->stats().stalls < 1000 && monotonic_ns() < deadline) {
      (void)channel.try_push(FrameKind::routed, 0, body);
      fabric->progress();
    }
    EXPECT_GE(fabric->stats().stalls, 1000u);
  }

  ASSERT_EQ(kill(child, SIGKILL), 0);
  const std::uint64_t killed_ns = monotonic_ns();
  while (channel.status().ok() && monotonic_ns() - killed_ns < 5'000'000'000) fabric->progress();
  const double took_ms = static_cast<double>(monotonic_ns() - killed_ns) * 1e-6;
  std::printf("noticed after %.1f ms\n", took_ms);
  EXPECT_EQ(channel.status().code(), ErrorCode::peer_died);
  EXPECT_LT(took_ms, 2000);
  EXPECT_EQ(channel.try_push(FrameKind::routed, 0, {}), Push::closed);
  while (channel.peek(frame) == Peek::ready) channel.release();
  EXPECT_EQ(channel.peek(frame), Peek::broken);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
}

INSTANTIATE_TEST_SUITE_P(, UcxKill,
                         testing::Values(Victim::idle, Victim::sending, Victim::not_reading),
                         [](const auto& victim) -> std::string {
                           switch (victim.param) {
                             case Victim::idle: return "idle";
                             case Victim::sending: return "sending";
                             default: return "not_reading";
                           }
                         });

}  // namespace
}  // namespace buddy::transport::test
