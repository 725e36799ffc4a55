// What an engine counts, told to a rank that cannot look. Layout in docs/formats/control.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/counters.hpp"
#include "wire/run.hpp"

namespace buddy::wire {

/// A frame's body: all counters, in the order of Counter.
using CounterBody = std::array<std::uint64_t, counter_count>;

inline CounterBody counter_body(const CounterTable& table) noexcept {
  CounterBody body{};
  for (std::size_t i = 0; i < counter_count; ++i) body[i] = table.get(static_cast<Counter>(i));
  return body;
}

/// Of an engine that counts more or less than this program, what both know.
inline void read_counters(std::span<const std::byte> body, CounterTable& table) noexcept {
  for (std::size_t i = 0; i < counter_count && (i + 1) * sizeof(std::uint64_t) <= body.size();
       ++i) {
    table.set(static_cast<Counter>(i),
              load<std::uint64_t>(body.data() + i * sizeof(std::uint64_t)));
  }
}

}  // namespace buddy::wire
