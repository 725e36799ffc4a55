// What an engine counts. The table lies in shared memory; `buddy stat` reads it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace buddy {

enum class Counter : std::uint32_t {
  polls,                 ///< times the engine looked for work
  sleeps,                ///< times it slept; when embedded: times its rank slept
  frames_in,             ///< frames taken from ranks and peers
  bytes_in,              ///< their bodies, bytes
  records_routed,        ///< records moved to an open block
  frames_out,            ///< frames of messages given to ranks and peers
  bytes_out,             ///< their bodies, bytes
  wire_bytes,            ///< of those, to other nodes, headers included
  flushes_full,          ///< open blocks sent because they were full
  flushes_idle,          ///< ... because there was nothing else to do
  stalls,                ///< times a next hop was full
  rejected_frames,       ///< frames that failed a check
  waves,                 ///< rounds of quiescence detection
  barriers,              ///< barriers completed
  cpu_ns,                ///< CPU time of the engine's thread, at most 1 ms old; 0 when embedded
  remote_payload_bytes,  ///< bytes of arguments given to other nodes
  spin_ns,               ///< of cpu_ns: idle polling, before sleeping
  wakeups,               ///< of sleeps: ended by a neighbour that rang
  wake_ns,               ///< from ringing until awake, all wakeups added up
  late_wakeups,          ///< of sleeps: ended by their time limit alone although there was work
  records_along,         ///< records sent to engines of this one's group: their last hop
  records_across,        ///< records sent to engines of other groups: their first hop
  records_forwarded,     ///< records that came from an engine and went on to another one
  count_                 ///< number of counters
};

inline constexpr std::size_t counter_count = static_cast<std::size_t>(Counter::count_);

inline constexpr std::array<std::string_view, counter_count> counter_names = {
    "polls",          "sleeps",         "frames_in",        "bytes_in",
    "records_routed", "frames_out",     "bytes_out",        "wire_bytes",
    "flushes_full",   "flushes_idle",   "stalls",           "rejected_frames",
    "waves",          "barriers",       "cpu_ns",           "remote_payload_bytes",
    "spin_ns",        "wakeups",        "wake_ns",          "late_wakeups",
    "records_along",  "records_across", "records_forwarded"};

/// Monotonic counters with one writer and any number of readers, in any memory that starts zeroed.
class CounterTable {
 public:
  void add(Counter counter, std::uint64_t amount) noexcept {
    auto& value = values_[static_cast<std::size_t>(counter)];
    value.store(value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void set(Counter counter, std::uint64_t amount) noexcept {
    values_[static_cast<std::size_t>(counter)].store(amount, std::memory_order_relaxed);
  }
  std::uint64_t get(Counter counter) const noexcept {
    return values_[static_cast<std::size_t>(counter)].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, counter_count> values_{};
};

}  // namespace buddy
