// Proof that a packet comes from an end of this job.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/job_key.hpp"
#include "transport/end_id.hpp"

namespace buddy::transport {

/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash whose key cannot be told from results.
std::uint64_t sip_hash(const JobKey& key, std::span<const std::byte> bytes) noexcept;

/// What \p source writes into its packets to \p destination. It keeps the job's key off the
/// network; it does not protect against somebody who can read or change the network's traffic.
std::uint64_t peer_token(const JobKey& key, EndId source, EndId destination) noexcept;

}  // namespace buddy::transport
