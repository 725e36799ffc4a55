#include "measure/cache/core_accesses.hpp"

#include <algorithm>
#include <unordered_map>

#include "measure/cache/cache_level.hpp"

extern "C" {

// Functions of their own, so that a profiler tells their accesses from all others. One access per
// line, like the model's.
[[gnu::noinline]] void buddy_load_lines(const volatile std::byte* at, std::size_t lines) {
  for (std::size_t i = 0; i < lines; ++i) {
    [[maybe_unused]] const std::byte seen = at[i * buddy::measure::cache_line_bytes];
  }
}

[[gnu::noinline]] void buddy_store_lines(volatile std::byte* at, std::size_t lines) {
  for (std::size_t i = 0; i < lines; ++i) at[i * buddy::measure::cache_line_bytes] = std::byte{1};
}

}  // extern "C"

namespace buddy::measure {
namespace {

/// Memory is moved together in pieces of this size; not a page of this machine.
constexpr std::uint64_t piece_bytes = 4096;

std::uint64_t lines_of(std::uint64_t address, std::uint64_t bytes) {
  return (address + bytes - 1) / cache_line_bytes - address / cache_line_bytes + 1;
}

}  // namespace

Trace core_accesses(const Trace& trace, std::uint64_t most_lines) {
  Trace accesses{trace.agent, trace.node, 0, {}};
  std::unordered_map<std::uint64_t, std::uint64_t> pieces;
  std::uint64_t lines = 0;
  for (const TraceEvent& event : trace.events) {
    if (event.kind != TraceKind::read && event.kind != TraceKind::write) continue;
    const std::uint64_t end = event.address + event.bytes;
    for (std::uint64_t at = event.address; at < end;) {
      const std::uint64_t piece = at / piece_bytes;
      const std::uint64_t bytes = std::min(end, (piece + 1) * piece_bytes) - at;
      lines += lines_of(at, bytes);
      if (lines > most_lines) return accesses;
      const std::uint64_t number = pieces.try_emplace(piece, pieces.size()).first->second;
      accesses.events.push_back({number * piece_bytes + at % piece_bytes,
                                 static_cast<std::uint32_t>(bytes), event.kind, 0});
      at += bytes;
    }
  }
  return accesses;
}

std::uint64_t extent_of(const Trace& accesses) {
  std::uint64_t end = 0;
  for (const TraceEvent& event : accesses.events) {
    end = std::max(end, event.address + event.bytes);
  }
  return (end + piece_bytes - 1) / piece_bytes * piece_bytes;
}

void touch(const Trace& accesses, std::byte* memory) {
  for (const TraceEvent& event : accesses.events) {
    std::byte* const line = memory + event.address / cache_line_bytes * cache_line_bytes;
    const std::uint64_t lines = lines_of(event.address, event.bytes);
    if (event.kind == TraceKind::write) {
      buddy_store_lines(line, lines);
    } else {
      buddy_load_lines(line, lines);
    }
  }
}

}  // namespace buddy::measure
