// Messages in pieces: wherever a stream is cut, the same messages come out.
#include "transport/control/message_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/bodies.hpp"
#include "wire/run.hpp"

namespace buddy::transport {
namespace {

using test::Bytes;

/// Everything that is read from \p bytes when they come in pieces of the sizes that \p next says.
template <class Next>
Result<std::vector<Bytes>> read_all(MessageReader& reader, const Bytes& bytes, Next next) {
  std::vector<Bytes> messages;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::span<std::byte> room = reader.room();
    EXPECT_FALSE(room.empty());
    const std::size_t size = std::min({std::size_t{next()}, room.size(), bytes.size() - at});
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, room.begin());
    at += size;
    auto message = reader.advance(size);
    if (!message.ok()) return message.status();
    if (message.value()) messages.push_back(encode(*message.value()));
  }
  return messages;
}

std::vector<Bytes> examples() {
  Join other{17, 1, 0, {}, {LinkKind::rings, "the rank's end"}, true};
  Join join = other;
  join.map.emplace();
  join.map->agent_of_rank = {0, 0, 1};
  join.map->node_of_agent = {0, 1};
  join.map->machine_of_agent = {0, 0};
  return {encode(Hello{handshake_version, 2, random_job_id(), fresh_nonce()}),
          encode(Welcome{2, 4711, {0, 1, 2}, "here"}),
          encode(join),
          encode(other),
          encode(Connect{{{"a", "b", "c", "d"}, {}}}),
          encode(UnlinkNames{}),
          encode(Bye{}),
          encode(Refusal{4, "because"}),
          encode(Challenge{fresh_nonce(), fresh_nonce()}),
          encode(Proof{fresh_nonce()})};
}

TEST(MessageReader, every_cut_gives_the_same_message) {
  for (const Bytes& bytes : examples()) {
    for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
      MessageReader reader;
      bool first = true;
      const auto read =
          read_all(reader, bytes, [&] { return std::exchange(first, false) ? cut : bytes.size(); });
      ASSERT_TRUE(read.ok()) << read.status().message();
      ASSERT_EQ(read.value(), std::vector<Bytes>{bytes}) << "cut at " << cut;
    }
  }
}

TEST(MessageReader, a_stream_of_messages_byte_by_byte_and_in_random_pieces) {
  Bytes stream;
  const std::vector<Bytes> all = examples();
  for (const Bytes& bytes : all) stream.insert(stream.end(), bytes.begin(), bytes.end());
  test::for_each_seed(500, [&](std::uint64_t seed) {
    test::Random random(seed);
    MessageReader reader;
    const auto read =
        read_all(reader, stream, [&] { return seed == 1 ? 1 : 1 + random.below(30); });
    ASSERT_TRUE(read.ok()) << read.status().message();
    ASSERT_EQ(read.value(), all);
  });
}

TEST(MessageReader, long_content_comes_whole) {
  const Bytes bytes = encode(Refusal{1, std::string(3'000'000, 'x')});
  MessageReader reader;
  const auto read = read_all(reader, bytes, [] { return std::size_t{1} << 30; });
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), std::vector<Bytes>{bytes});
}

// A header may claim what it likes: memory is taken for what comes.
TEST(MessageReader, a_claim_takes_no_memory) {
  MessageReader reader;
  Bytes head(8);
  wire::store(head.data(), max_message_bytes);
  wire::store(head.data() + 4, std::uint32_t{2});
  ASSERT_TRUE(read_all(reader, head, [] { return 8; }).ok());
  EXPECT_LE(reader.room().size(), 64u << 10);
}

TEST(MessageReader, refuses_what_is_longer_than_allowed) {
  Bytes head(8);
  wire::store(head.data(), max_message_bytes + 1);
  MessageReader any;
  EXPECT_EQ(read_all(any, head, [] { return 8; }).status().code(), ErrorCode::corrupt);

  MessageReader stranger;
  stranger.limit_content(max_greeting_bytes);
  const Bytes hello = encode(Hello{});
  EXPECT_TRUE(read_all(stranger, hello, [] { return 3; }).ok());
  wire::store(head.data(), max_greeting_bytes + 1);
  EXPECT_EQ(read_all(stranger, head, [] { return 3; }).status().code(), ErrorCode::corrupt);
}

}  // namespace
}  // namespace buddy::transport
