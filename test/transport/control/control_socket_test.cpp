// The control socket: every message survives the way, and nothing else is taken for one.
#include "transport/control/control_socket.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "base/clock.hpp"
#include "support/bodies.hpp"

namespace buddy::transport {
namespace {

struct Pair {
  Pair() {
    int fds[2];  // NOLINT(modernize-avoid-c-arrays)
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) std::abort();
    one = ControlSocket(UniqueFd(fds[0]));
    other = ControlSocket(UniqueFd(fds[1]));
  }
  ControlSocket one;
  ControlSocket other;
};

void send_raw(const ControlSocket& socket, const test::Bytes& bytes) {
  ASSERT_EQ(::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
}

test::Bytes framed(std::uint32_t size, std::uint32_t kind, const test::Bytes& content) {
  test::Bytes bytes(8 + content.size());
  wire::store(bytes.data(), size);
  wire::store(bytes.data() + 4, kind);
  std::copy(content.begin(), content.end(), bytes.begin() + 8);
  return bytes;
}

/// The bytes of a message as send() writes them.
test::Bytes bytes_of(const Message& message) {
  Pair pair;
  EXPECT_TRUE(pair.one.send(message).ok());
  test::Bytes bytes(1u << 16);
  const ssize_t got = ::recv(pair.other.fd(), bytes.data(), bytes.size(), 0);
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

std::string random_text(test::Random& random) {
  std::string text(random.below(40), 'x');
  for (char& c : text) c = static_cast<char>(random.bits());
  return text;
}

AgentAddress random_agent(test::Random& random) {
  return {random_text(random), random_text(random), random_text(random), random_text(random)};
}

LinkAddress random_link(test::Random& random) {
  return {random.one_in(2) ? LinkKind::rings : LinkKind::network, random_text(random)};
}

Message random_message(test::Random& random) {
  const auto word = [&] { return static_cast<std::uint32_t>(random.bits()); };
  switch (random.below(11)) {
    case 0: return Hello{handshake_version, word(), random_job_id(), fresh_nonce()};
    case 1:
      return Welcome{
          word(), word(), {1, -1, static_cast<std::int32_t>(word())}, random_text(random)};
    case 2: {
      Join join{random.bits(), word(), word(), {}, random_link(random), random.one_in(2)};
      if (random.one_in(4)) return join;  // it joins a job that the engine knows
      join.map.emplace();
      join.map->fabric = FabricKind::ucx;
      for (std::uint32_t i = random.below(20); i > 0; --i) {
        join.map->agent_of_rank.push_back(word());
        join.map->node_of_agent.push_back(word());
        join.map->machine_of_agent.push_back(word());
      }
      return join;
    }
    case 3: return Joined{random_link(random), random_agent(random)};
    case 4: return Connect{{random_agent(random), random_agent(random)}};
    case 5: return Connected{};
    case 6: return UnlinkNames{};
    case 7: return Bye{};
    case 8: return Challenge{fresh_nonce(), fresh_nonce()};
    case 9: return Proof{fresh_nonce()};
    default: return Refusal{word(), random_text(random)};
  }
}

TEST(ControlSocket, messages_arrive_as_they_were_sent) {
  test::for_each_seed(2000, [](std::uint64_t seed) {
    test::Random random(seed);
    const Message message = random_message(random);
    Pair pair;
    ASSERT_TRUE(pair.one.send(message).ok());
    const auto received = pair.other.receive(1000);
    ASSERT_TRUE(received.ok()) << received.status().message();
    ASSERT_EQ(received.value().index(), message.index());
    ASSERT_EQ(bytes_of(received.value()), bytes_of(message));
  });
}

TEST(ControlSocket, arrive_in_pieces) {
  test::Random random(1);
  const Message message = Connect{{random_agent(random), random_agent(random)}};
  const test::Bytes bytes = bytes_of(message);
  Pair pair;
  std::thread dribble([&] {
    for (const std::byte byte : bytes) {
      EXPECT_EQ(::send(pair.one.fd(), &byte, 1, MSG_NOSIGNAL), 1);
      if (random.one_in(20)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const auto received = pair.other.receive(20'000);
  dribble.join();
  ASSERT_TRUE(received.ok());
  EXPECT_EQ(bytes_of(received.value()), bytes);
}

TEST(ControlSocket, every_truncation_is_noticed) {
  test::for_each_seed(20, [](std::uint64_t seed) {
    test::Random random(seed);
    const test::Bytes bytes = bytes_of(random_message(random));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      Pair cut;  // the connection ends early
      send_raw(cut.one,
               test::Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
      cut.one = ControlSocket();
      ASSERT_EQ(cut.other.receive(1000).status().code(), ErrorCode::peer_died);
      if (size < 8) continue;
      Pair shorter;  // the content ends early
      const test::Bytes content(bytes.begin() + 8,
                                bytes.begin() + static_cast<std::ptrdiff_t>(size));
      send_raw(shorter.one, framed(static_cast<std::uint32_t>(content.size()),
                                   wire::load<std::uint32_t>(bytes.data() + 4), content));
      ASSERT_EQ(shorter.other.receive(1000).status().code(), ErrorCode::corrupt) << size;
    }
  });
}

TEST(ControlSocket, mutations_are_refused_or_read) {
  std::uint64_t refused = 0;
  test::for_each_seed(10'000, [&](std::uint64_t seed) {
    test::Random random(seed);
    test::Bytes bytes = bytes_of(random_message(random));
    test::Bytes content(bytes.begin() + 8, bytes.end());
    test::mutate(content, random);
    Pair pair;
    send_raw(pair.one, framed(static_cast<std::uint32_t>(content.size()),
                              wire::load<std::uint32_t>(bytes.data() + 4), content));
    const auto received = pair.other.receive(1000);
    if (received.ok()) return;
    ASSERT_EQ(received.status().code(), ErrorCode::corrupt);
    ++refused;
  });
  std::cout << refused << " refused" << std::endl;
}

TEST(ControlSocket, refuses_malformed_input) {
  for (const test::Bytes& bytes :
       {framed(0, 99, {}), framed(0, ~std::uint32_t{0}, {}), framed(0, 0, {}),
        framed((16u << 20) + 1, 0, {}), framed(~std::uint32_t{0}, 0, {}),
        framed(1, 5, test::Bytes(1)), test::Bytes(100, std::byte{0xff})}) {
    Pair pair;
    send_raw(pair.one, bytes);
    EXPECT_EQ(pair.other.receive(1000).status().code(), ErrorCode::corrupt);
  }
}

std::size_t peak_resident_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

// A few bytes that claim a container of a gigabyte cost no memory.
TEST(ControlSocket, claims_take_no_memory) {
  const std::size_t before = peak_resident_bytes();
  for (const std::uint64_t claim : {std::uint64_t{1} << 24, std::uint64_t{1} << 28,
                                    std::uint64_t{1} << 33, ~std::uint64_t{0}}) {
    // Joined begins with a string, Connect with a vector, Join's map with a vector.
    test::Bytes content(21);
    for (const auto& [kind, offset] :
         {std::pair{3u, 0u}, std::pair{4u, 0u}, std::pair{2u, 17u + 4u}, std::pair{1u, 8u}}) {
      test::Bytes bad = content;
      bad.resize(offset + 8);
      wire::store(bad.data() + offset, claim);
      Pair pair;
      send_raw(pair.one, framed(static_cast<std::uint32_t>(bad.size()), kind, bad));
      ASSERT_EQ(pair.other.receive(1000).status().code(), ErrorCode::corrupt) << kind;
    }
  }
  EXPECT_LT(peak_resident_bytes() - before, 64u << 20);
}

// What an engine does: it waits for nobody, and goes on where it stopped.
TEST(ControlSocket, takes_messages_without_waiting) {
  test::Random random(1);
  const Message message = Connect{{random_agent(random), random_agent(random)}};
  const test::Bytes bytes = bytes_of(message);
  Pair pair;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto nothing = pair.other.try_receive();
      ASSERT_TRUE(nothing.ok() && !nothing.value()) << "after " << i << " bytes";
      ASSERT_EQ(::send(pair.one.fd(), &bytes[i], 1, MSG_NOSIGNAL), 1);
    }
    const auto whole = pair.other.try_receive();
    ASSERT_TRUE(whole.ok() && whole.value());
    EXPECT_EQ(bytes_of(*whole.value()), bytes);
  }
  pair.one = ControlSocket();
  EXPECT_EQ(pair.other.try_receive().status().code(), ErrorCode::peer_died);
}

TEST(ControlSocket, a_reader_that_is_slow_holds_nobody_up) {
  test::Random random(1);
  const Message message = Connect{{random_agent(random), random_agent(random)}};
  Pair pair;
  std::size_t posted = 0;
  while (!pair.one.has_unsent()) {
    ASSERT_TRUE(pair.one.post(message).ok());
    ++posted;
  }
  for (int i = 0; i < 10; ++i, ++posted) ASSERT_TRUE(pair.one.post(message).ok());
  for (std::size_t i = 0; i < posted; ++i) {
    ASSERT_TRUE(pair.one.flush().ok());
    const auto received = pair.other.receive(1000);
    ASSERT_TRUE(received.ok()) << i;
    ASSERT_EQ(bytes_of(received.value()), bytes_of(message));
  }
  EXPECT_FALSE(pair.one.has_unsent());
  // Not without a bound.
  Status stuck;
  for (int i = 0; i < 1'000'000 && stuck.ok(); ++i) stuck = pair.one.post(message);
  EXPECT_EQ(stuck.code(), ErrorCode::system);
}

TEST(ControlSocket, silence_and_death_are_told_apart) {
  Pair pair;
  const std::uint64_t before = monotonic_ns();
  EXPECT_EQ(pair.one.receive(30).status().code(), ErrorCode::system);
  EXPECT_GE(monotonic_ns() - before, 25'000'000u);
  EXPECT_FALSE(pair.one.hung_up());
  pair.other = ControlSocket();
  EXPECT_TRUE(pair.one.hung_up());
  EXPECT_EQ(pair.one.receive(1000).status().code(), ErrorCode::peer_died);
  // What is sent to a closed socket is an error, not a signal.
  EXPECT_EQ(pair.one.send(Bye{}).code(), ErrorCode::peer_died);
}

// A greeting of another version may have any content behind it: it is read as far as that.
TEST(ControlSocket, reads_the_version_of_any_greeting) {
  test::for_each_seed(100, [](std::uint64_t seed) {
    test::Random random(seed);
    test::Bytes content = test::random_bytes(random, 4 + random.below(4000));
    wire::store(content.data(), std::uint32_t{3});
    Pair pair;
    send_raw(pair.one, framed(static_cast<std::uint32_t>(content.size()), 0, content));
    const auto received = pair.other.receive(1000);
    ASSERT_TRUE(received.ok()) << received.status().message();
    EXPECT_EQ(std::get<Hello>(received.value()).version, 3u);
  });
}

TEST(ControlSocket, knows_the_other_byte_order) {
  Pair pair;
  pair.other.limit_content(max_greeting_bytes);
  test::Bytes head = framed(0x54000000, 0, {});  // 84, the most significant byte first
  send_raw(pair.one, head);
  const Status status = pair.other.receive(1000).status();
  EXPECT_EQ(status.code(), ErrorCode::corrupt);
  EXPECT_NE(status.message().find("another order"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace buddy::transport
