// Proof that a packet comes from an agent of this job.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/ids.hpp"
#include "base/job_key.hpp"

namespace buddy::transport {

/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash whose key cannot be told from results.
std::uint64_t sip_hash(const JobKey& key, std::span<const std::byte> bytes) noexcept;

/// What agent \p source writes into its packets to \p destination. It keeps the job's key off the
/// network; it does not protect against somebody who can read or change the network's traffic.
std::uint64_t peer_token(const JobKey& key, AgentId source, AgentId destination) noexcept;

}  // namespace buddy::transport
