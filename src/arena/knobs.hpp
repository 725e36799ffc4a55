// Which knobs make sense, and what the environment says about them.
#pragma once

#include "base/status.hpp"
#include "wire/knobs.hpp"

namespace buddy::arena {

inline constexpr const char* block_variable = "BUDDY_BLOCK_BYTES";
inline constexpr const char* ring_variable = "BUDDY_RING_BLOCKS";
inline constexpr const char* hold_variable = "BUDDY_HOLD_US";

inline constexpr std::uint32_t least_block_bytes = 4096;
inline constexpr std::uint32_t most_block_bytes = 1u << 20;
inline constexpr std::uint32_t most_ring_blocks = 4096;
inline constexpr std::uint32_t most_hold_us = 1'000'000;
inline constexpr std::uint64_t most_ring_bytes = 256u << 20;

/// Errors: invalid_argument; the message names the option and the variable, and the limits.
Status check_knobs(const wire::Knobs& knobs);

/// Errors: invalid_argument for a value that is no number. What the numbers mean is not checked.
Result<wire::Knobs> knobs_from_environment();

}  // namespace buddy::arena
