// The kinds and the example of docs/formats/handshake.md are what goes over the socket.
#include "transport/control/handshake.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "support/markdown.hpp"
#include "transport/control/control_socket.hpp"

namespace buddy::testing {
namespace {

/// What the other end of a socket gets when \p message is sent.
std::vector<unsigned char> bytes_on_the_wire(const transport::Message& message) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return {};
  transport::ControlSocket socket{UniqueFd(ends[0])};
  const UniqueFd other(ends[1]);
  EXPECT_TRUE(socket.send(message).ok());
  std::vector<unsigned char> bytes(4096);
  const ssize_t got = read(other.get(), bytes.data(), bytes.size());
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

std::vector<std::string> hex_dump(const std::vector<unsigned char>& bytes) {
  std::vector<std::string> lines;
  std::array<char, 32> text{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % 16 == 0) {
      std::snprintf(text.data(), text.size(), "%4zu ", i);
      lines.emplace_back(text.data());
    }
    std::snprintf(text.data(), text.size(), " %02x", bytes[i]);
    lines.back() += text.data();
  }
  return lines;
}

TEST(DocumentedHandshake, example_is_what_is_sent) {
  transport::Join join;
  join.session = 0x1122334455667788;
  join.rank = 1;
  join.map.emplace();
  join.map->agent_of_rank = {0, 0};
  join.map->node_of_agent = {0};
  join.map->machine_of_agent = {0};
  join.link = {transport::LinkKind::network, "xyz"};
  join.engine_has_cores = true;
  EXPECT_EQ(first_block(Page("formats/handshake.md").section("Example")),
            hex_dump(bytes_on_the_wire(join)));
}

TEST(DocumentedHandshake, kinds_are_those_of_the_variant) {
  const std::vector<std::pair<std::string, transport::Message>> kinds = {
      {"Hello", transport::Hello{}},
      {"Welcome", transport::Welcome{}},
      {"Join", transport::Join{}},
      {"Joined", transport::Joined{}},
      {"Connect", transport::Connect{}},
      {"Connected", transport::Connected{}},
      {"UnlinkNames", transport::UnlinkNames{}},
      {"Bye", transport::Bye{}},
      {"Refusal", transport::Refusal{}},
      {"Challenge", transport::Challenge{}},
      {"Proof", transport::Proof{}}};
  ASSERT_EQ(kinds.size(), std::variant_size_v<transport::Message>);
  const auto rows = first_table(Page("formats/handshake.md").section("Kinds"));
  ASSERT_EQ(rows.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(rows[i][0], std::to_string(kinds[i].second.index()));
    EXPECT_EQ(rows[i][1], kinds[i].first);
  }
}

TEST(DocumentedHandshake, version_is_the_one_in_the_table) {
  const auto rows = first_table(Page("formats/handshake.md").section("Kinds"));
  const std::string version = "version u32 (" + std::to_string(transport::handshake_version) + ")";
  ASSERT_FALSE(rows.empty());
  EXPECT_TRUE(rows[0][3].starts_with(version)) << rows[0][3];
}

}  // namespace
}  // namespace buddy::testing
