// The objects that handles stand for.
#pragma once

#include <buddy/handle.hpp>
#include <buddy/stats.hpp>
#include <cstdint>

namespace buddy::detail {

/// Lowest number not used in this process. Numbers start at 1: a default Handle refers to nothing.
std::uint32_t next_object_id() noexcept;
void store_object(std::uint32_t id, void* object);

/// Stats of a rank for summing: without the engine's figures unless the rank speaks for it.
Stats engine_counted_once(Stats stats, bool leads);
/// Sums, and maxima where a sum means nothing.
Stats combine(const Stats& a, const Stats& b);

}  // namespace buddy::detail
