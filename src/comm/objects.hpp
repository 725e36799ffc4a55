// The objects that handles stand for.
#pragma once

#include <buddy/handle.hpp>
#include <cstdint>

namespace buddy::detail {

/// Numbers of handles are given out in blocks, each to one communicator, on all its ranks; none is
/// used twice in a process. Block 0 is nobody's: number 0, a default Handle's, refers to nothing.
inline constexpr std::uint32_t handles_in_block = 16;
inline constexpr std::uint32_t max_handle_blocks = 0xffffffffu / handles_in_block;

/// The lowest block that is free here, and all after it.
std::uint32_t next_free_block() noexcept;
/// \return false if it is taken here; it and all before it are taken then, whatever the result
bool take_block(std::uint32_t block) noexcept;

void store_object(std::uint32_t id, void* object);

}  // namespace buddy::detail
