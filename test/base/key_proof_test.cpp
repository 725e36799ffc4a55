#include "base/key_proof.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace buddy {
namespace {

const JobKey key{{0x0123456789abcdefu, 0xfedcba9876543210u}};

NoncePair counted_nonces() {
  NoncePair nonces;
  for (std::size_t i = 0; i < nonces.caller.size(); ++i) {
    nonces.caller[i] = static_cast<std::byte>(i);
    nonces.listener[i] = static_cast<std::byte>(0x80 + i);
  }
  return nonces;
}

std::string hex(const KeyProof& proof) {
  std::string text;
  for (const std::byte byte : proof) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(byte));
    text += digits;
  }
  return text;
}

// The bytes that travel: BLAKE2b-256 keyed with the key's words, little-endian, over the role's
// length and name and the two numbers. Computed with Python's hashlib.blake2b.
TEST(KeyProof, is_the_same_on_every_machine) {
  EXPECT_EQ(hex(prove_key(key, "test caller", counted_nonces())),
            "335125da38070968e14489f796171c767dbfa0ea300206e75d6279e59c92d2af");
}

TEST(KeyProof, is_accepted_by_who_knows_the_key) {
  const NoncePair nonces{fresh_nonce(), fresh_nonce()};
  EXPECT_TRUE(is_proof(key, "test caller", nonces, prove_key(key, "test caller", nonces)));
}

TEST(KeyProof, is_good_for_nothing_else) {
  const NoncePair nonces = counted_nonces();
  const KeyProof proof = prove_key(key, "test caller", nonces);
  JobKey other_key = key;
  other_key.words[1] ^= 1;
  EXPECT_FALSE(is_proof(other_key, "test caller", nonces, proof));
  EXPECT_FALSE(is_proof(key, "test listener", nonces, proof));
  EXPECT_FALSE(is_proof(key, "test calle", nonces, proof));
  EXPECT_FALSE(is_proof(key, "test caller", {nonces.listener, nonces.caller}, proof));
  for (std::size_t i = 0; i < nonces.caller.size(); ++i) {
    NoncePair changed = nonces;
    changed.caller[i] ^= std::byte{1};
    EXPECT_FALSE(is_proof(key, "test caller", changed, proof)) << i;
    changed = nonces;
    changed.listener[i] ^= std::byte{1};
    EXPECT_FALSE(is_proof(key, "test caller", changed, proof)) << i;
    KeyProof damaged = proof;
    damaged[i] ^= std::byte{1};
    EXPECT_FALSE(is_proof(key, "test caller", nonces, damaged)) << i;
  }
}

TEST(KeyProof, begins_with_fresh_numbers) { EXPECT_NE(fresh_nonce(), fresh_nonce()); }

}  // namespace
}  // namespace buddy
