// The members of Stats, by name.
#pragma once

#include <buddy/stats.hpp>
#include <cstdint>
#include <type_traits>

namespace buddy {

/// Calls each(name, member) for every counter of a rank that adds up: over time, and over ranks.
template <class Each>
void for_each_rank_sum(Each each) {
  each("messages_sent", &Stats::messages_sent);
  each("messages_handled", &Stats::messages_handled);
  each("payload_bytes", &Stats::payload_bytes);
  each("blocks_sent", &Stats::blocks_sent);
  each("block_bytes", &Stats::block_bytes);
  each("flushes_full", &Stats::flushes_full);
  each("flushes_poll", &Stats::flushes_poll);
  each("flushes_idle", &Stats::flushes_idle);
  each("send_attempts", &Stats::send_attempts);
  each("blocks_received", &Stats::blocks_received);
  each("received_bytes", &Stats::received_bytes);
  each("receive_attempts", &Stats::receive_attempts);
  each("stalls", &Stats::stalls);
  each("room_waits", &Stats::room_waits);
  each("overflow_blocks", &Stats::overflow_blocks);
  each("barrier_waits", &Stats::barrier_waits);
  each("late_wakeups", &Stats::late_wakeups);
  each("room_wait_seconds", &Stats::room_wait_seconds);
  each("barrier_wait_seconds", &Stats::barrier_wait_seconds);
  each("host_cpu_seconds", &Stats::host_cpu_seconds);
}

/// The same for those that an engine counts, for all its ranks.
template <class Each>
void for_each_engine_sum(Each each) {
  each("waves", &Stats::waves);
  each("wire_bytes", &Stats::wire_bytes);
  each("remote_payload_bytes", &Stats::remote_payload_bytes);
  each("routed_records", &Stats::routed_records);
  each("along_records", &Stats::along_records);
  each("across_records", &Stats::across_records);
  each("forwarded_records", &Stats::forwarded_records);
  each("engine_stalls", &Stats::engine_stalls);
  each("rejected_frames", &Stats::rejected_frames);
  each("engine_late_wakeups", &Stats::engine_late_wakeups);
  each("engine_cpu_seconds", &Stats::engine_cpu_seconds);
  each("engine_spin_seconds", &Stats::engine_spin_seconds);
}

template <class Each>
void for_each_sum(Each each) {
  for_each_rank_sum(each);
  for_each_engine_sum(each);
}

/// Calls each(name, member) for every whole number: what a rank's profile has.
template <class Each>
void for_each_count(Each each) {
  for_each_sum([&](const char* name, auto member) {
    if constexpr (std::is_same_v<decltype(member), std::uint64_t Stats::*>) each(name, member);
  });
  each("barriers", &Stats::barriers);
}

}  // namespace buddy
