// The part of a trace that can be repeated on real memory: what the engine's core does.
#pragma once

#include <cstddef>
#include <cstdint>

#include "measure/cache/trace_file.hpp"

namespace buddy::measure {

/// Reads and writes of \p trace, in order, at addresses from 0 up: pages of 4 KiB are numbered as
/// they are first touched, so that the whole fits a small piece of memory.
/// \param most_lines events end after so many cache lines
Trace core_accesses(const Trace& trace, std::uint64_t most_lines);

/// Memory that core_accesses() touch, bytes.
std::uint64_t extent_of(const Trace& accesses);

/// Repeats \p accesses at \p memory: one load or store for each line of 64 bytes.
/// \pre memory has extent_of(accesses) bytes
void touch(const Trace& accesses, std::byte* memory);

/// What a profiler calls the functions that do it, and nothing else.
inline constexpr const char* load_function = "buddy_load_lines";
inline constexpr const char* store_function = "buddy_store_lines";

}  // namespace buddy::measure
