#include "base/key_proof.hpp"

#include <sodium.h>
#include <sys/random.h>

#include <cstdlib>
#include <tuple>

#include "base/contract.hpp"

namespace buddy {
namespace {

const unsigned char* bytes_of(const std::byte* data) {
  return reinterpret_cast<const unsigned char*>(data);
}

/// 16 bytes, little-endian on every machine.
std::array<unsigned char, 16> key_bytes(const JobKey& key) {
  std::array<unsigned char, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<unsigned char>(key.words[i / 8] >> (8 * (i % 8)));
  }
  return bytes;
}

void start_sodium() {
  static const bool started = sodium_init() >= 0;
  if (!started) std::abort();
}

}  // namespace

Nonce fresh_nonce() {
  Nonce nonce;
  if (getrandom(nonce.data(), nonce.size(), 0) != static_cast<ssize_t>(nonce.size())) std::abort();
  return nonce;
}

KeyProof prove_key(const JobKey& key, std::string_view role, const NoncePair& nonces) {
  BUDDY_EXPECT(role.size() <= 255);
  start_sodium();
  static_assert(crypto_generichash_KEYBYTES_MIN <= 16 && crypto_generichash_BYTES == 32);
  auto secret = key_bytes(key);
  crypto_generichash_state state;
  crypto_generichash_init(&state, secret.data(), secret.size(), std::tuple_size_v<KeyProof>);
  const auto role_bytes = static_cast<unsigned char>(role.size());
  crypto_generichash_update(&state, &role_bytes, 1);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(role.data()),
                            role.size());
  crypto_generichash_update(&state, bytes_of(nonces.caller.data()), nonces.caller.size());
  crypto_generichash_update(&state, bytes_of(nonces.listener.data()), nonces.listener.size());
  KeyProof proof;
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(proof.data()), proof.size());
  sodium_memzero(secret.data(), secret.size());
  sodium_memzero(&state, sizeof state);
  return proof;
}

bool is_proof(const JobKey& key, std::string_view role, const NoncePair& nonces,
              std::span<const std::byte, std::tuple_size_v<KeyProof>> proof) {
  const KeyProof expected = prove_key(key, role, nonces);
  return sodium_memcmp(expected.data(), proof.data(), expected.size()) == 0;
}

}  // namespace buddy
