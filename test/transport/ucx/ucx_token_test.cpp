#include "transport/ucx/ucx_token.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace buddy::transport {
namespace {

// Vectors of the reference implementation: key 00..0f, message 00 01 .. of the given length.
TEST(UcxToken, sip_hash_matches_reference_vectors) {
  const JobKey key{{0x0706050403020100, 0x0f0e0d0c0b0a0908}};
  std::vector<unsigned char> message(15);
  std::iota(message.begin(), message.end(), static_cast<unsigned char>(0));
  const auto hash = [&](std::size_t bytes) {
    return sip_hash(key, std::as_bytes(std::span(message).first(bytes)));
  };
  EXPECT_EQ(hash(0), 0x726fdb47dd0e0e31u);
  EXPECT_EQ(hash(1), 0x74f839c593dc67fdu);
  EXPECT_EQ(hash(8), 0x93f5f5799a932462u);
  EXPECT_EQ(hash(15), 0xa129ca6149be45e5u);
}

TEST(UcxToken, differs_by_key_direction_and_peer) {
  const JobKey key{{1, 2}};
  const JobKey other{{1, 3}};
  const std::uint64_t token = peer_token(key, {1}, {2});
  EXPECT_EQ(token, peer_token(key, {1}, {2}));
  EXPECT_NE(token, peer_token(key, {2}, {1}));
  EXPECT_NE(token, peer_token(key, {1}, {3}));
  EXPECT_NE(token, peer_token(other, {1}, {2}));
}

}  // namespace
}  // namespace buddy::transport
