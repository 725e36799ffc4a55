// Proof of knowing a job's key, which itself never travels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

#include "base/job_key.hpp"

namespace buddy {

/// A number that is used once.
using Nonce = std::array<std::byte, 32>;
/// What a side sends to show that it knows the key.
using KeyProof = std::array<std::byte, 32>;

/// From the operating system's random source.
Nonce fresh_nonce();

/// The two numbers that a conversation begins with: each side chooses one, and never takes the
/// other's for its own.
struct NoncePair {
  Nonce caller{};    ///< of the side that connected
  Nonce listener{};  ///< of the side that was connected to
};

/// Hash of \p role and \p nonces, keyed with the job's key (BLAKE2b of libsodium: it takes keys of
/// 16 bytes as they are).
/// \param role says who proves what to whom, so that no side's proof is good for another purpose:
/// for every side of every protocol a name of its own, at most 255 bytes
KeyProof prove_key(const JobKey& key, std::string_view role, const NoncePair& nonces);

/// Whether \p proof is what somebody who knows the key would send. Takes the same time wherever the
/// proof differs.
bool is_proof(const JobKey& key, std::string_view role, const NoncePair& nonces,
              std::span<const std::byte, std::tuple_size_v<KeyProof>> proof);

}  // namespace buddy
