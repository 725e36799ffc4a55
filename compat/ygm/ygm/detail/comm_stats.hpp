// Counters of a communicator, in YGM's terms. Stands in for YGM's header of this name.
#pragma once

#include <buddy/comm.hpp>
#include <cstddef>
#include <cstdint>

namespace ygm::detail {

/// Reads Buddy's counters, which cost nothing per message, since the last reset().
/// What YGM counts about MPI requests of its own does not exist here and has no member.
/// Threads: the communicator's.
class comm_stats {
 public:
  explicit comm_stats(const buddy::Comm& comm) : comm_(comm) { reset(); }

  void reset() {
    start_ = comm_.stats();
    broadcast_messages_ = 0;
    start_s_ = MPI_Wtime();
  }

  /// Calls of async(), and destinations of async_mcast().
  std::size_t get_async_count() const { return since().messages_sent - broadcast_messages_; }
  /// Handlers run.
  std::size_t get_rpc_count() const { return since().messages_handled; }
  /// Blocks of messages handed to the engine: what YGM calls a send.
  std::size_t get_isend_count() const { return since().blocks_sent; }
  /// Bytes of captures and arguments sent.
  std::size_t get_isend_bytes() const { return since().payload_bytes; }
  double get_elapsed_time() const { return MPI_Wtime() - start_s_; }

  /// Messages that are no calls of async() have been sent.
  void broadcast(std::uint64_t messages) { broadcast_messages_ += messages; }

 private:
  buddy::Stats since() const { return comm_.stats() - start_; }

  const buddy::Comm& comm_;
  buddy::Stats start_;
  std::uint64_t broadcast_messages_ = 0;
  double start_s_ = 0;
};

}  // namespace ygm::detail
