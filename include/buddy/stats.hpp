// What the message path did, in figures.
#pragma once

#include <cstdint>

namespace buddy {

/// Counters since the communicator was made. Differences of two snapshots describe an interval.
/// Messages and bytes are exact; CPU times of engine processes are at most 1 ms old.
struct Stats {
  std::uint64_t messages_sent = 0;     ///< async() calls (a broadcast counts once per destination)
  std::uint64_t messages_handled = 0;  ///< handlers run
  std::uint64_t payload_bytes = 0;     ///< bytes of arguments sent
  std::uint64_t blocks_sent = 0;       ///< blocks handed to the engine
  std::uint64_t block_bytes = 0;       ///< bytes of those blocks
  std::uint64_t flushes_full = 0;      ///< ... because they were full
  std::uint64_t flushes_poll = 0;      ///< ... because the program polled or waited
  std::uint64_t flushes_idle = 0;      ///< ... because the engine had said it is idle
  std::uint64_t send_attempts = 0;     ///< times a block was offered to the engine, taken or not
  std::uint64_t blocks_received = 0;   ///< blocks of messages run
  std::uint64_t received_bytes = 0;    ///< bytes of those blocks
  std::uint64_t receive_attempts = 0;  ///< times the rank looked whether something has arrived
  std::uint64_t stalls = 0;            ///< times a sender found its ring full
  std::uint64_t room_waits = 0;        ///< times a sender waited for room in its ring
  std::uint64_t overflow_blocks = 0;   ///< blocks queued because a handler may not wait
  std::uint64_t overflow_peak_bytes =
      0;                            ///< most memory ever used for that, bytes (maximum, not a sum)
  std::uint64_t barriers = 0;       ///< barriers completed (maximum, not a sum)
  std::uint64_t barrier_waits = 0;  ///< times a rank in a barrier had nothing to do
  std::uint64_t waves = 0;          ///< rounds in which engines looked whether all has been handled
  /// Bytes engines sent to other nodes, headers included; those of a message that takes two hops
  /// between nodes count twice, as do the bytes of its arguments.
  std::uint64_t wire_bytes = 0;
  std::uint64_t remote_payload_bytes = 0;  ///< bytes of arguments sent to other nodes
  std::uint64_t routed_records = 0;        ///< records routed by engines, by each that they pass
  std::uint64_t along_records = 0;         ///< records sent to engines of the sender's group
  std::uint64_t across_records = 0;        ///< ... to those of other groups
  std::uint64_t forwarded_records = 0;     ///< ... by engines that had them from a third one
  std::uint64_t engine_stalls = 0;         ///< times an engine found a next hop full
  std::uint64_t rejected_frames = 0;       ///< frames that failed the engines' checks
  std::uint64_t late_wakeups = 0;  ///< sleeps of ranks, served by an engine process, that only
                                   ///< their time limit ended although there was work
  std::uint64_t engine_late_wakeups = 0;  ///< the same of engines, embedded ones included
  double room_wait_seconds = 0;           ///< spent in room_waits, running what arrives
  double barrier_wait_seconds = 0;        ///< spent in barrier_waits
  double host_cpu_seconds = 0;            ///< user + system CPU time of the ranks
  double engine_cpu_seconds = 0;          ///< user + system CPU time of engine processes
  double engine_spin_seconds = 0;         ///< ... of that: idle polling
};

/// later - earlier, field by field; peaks are taken from \p later.
Stats operator-(const Stats& later, const Stats& earlier);

}  // namespace buddy
