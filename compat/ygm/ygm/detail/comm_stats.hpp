// Counters of a communicator, in YGM's terms. Stands in for YGM's header of this name.
#pragma once

#include <buddy/comm.hpp>
#include <cstddef>
#include <cstdint>

namespace ygm::detail {

/// Reads Buddy's counters, which cost nothing per message, since the last reset(). YGM's names
/// speak of MPI requests; each figure is that of what does the same work here.
/// Threads: the communicator's.
class comm_stats {
 public:
  /// Adds the time it lives to a figure, seconds.
  class timer {
   public:
    explicit timer(double& seconds) : seconds_(seconds), start_s_(MPI_Wtime()) {}
    timer(const timer&) = delete;
    timer& operator=(const timer&) = delete;
    ~timer() { seconds_ += MPI_Wtime() - start_s_; }

   private:
    double& seconds_;
    double start_s_;
  };

  /// Of no communicator: everything stays 0 but the time.
  comm_stats() { reset(); }
  explicit comm_stats(const buddy::Comm& comm) : comm_(&comm) { reset(); }

  void reset() {
    start_ = now();
    broadcast_messages_ = 0;
    barriers_ = 0;
    start_s_ = MPI_Wtime();
  }

  // ---- messages -----------------------------------------------------------------------------

  /// Calls of async(), and destinations of async_mcast().
  std::size_t get_async_count() const { return since().messages_sent - broadcast_messages_; }
  /// Handlers run.
  std::size_t get_rpc_count() const { return since().messages_handled; }
  /// Messages that this rank's engine has routed, those of the ranks it shares it with included.
  std::size_t get_route_count() const { return since().routed_records; }
  /// Calls of barrier().
  std::size_t get_barrier_count() const { return barriers_; }

  // ---- blocks between rank and engine: what YGM calls sends and receives ------------------------

  std::size_t get_isend_count() const { return since().blocks_sent; }
  /// Bytes of captures and arguments sent.
  std::size_t get_isend_bytes() const { return since().payload_bytes; }
  /// Times a block was offered to the engine, taken or not.
  std::size_t get_isend_test_count() const { return since().send_attempts; }

  std::size_t get_irecv_count() const { return since().blocks_received; }
  /// Bytes of the blocks received, headers of their runs included.
  std::size_t get_irecv_bytes() const { return since().received_bytes; }
  /// Times the rank looked whether something has arrived.
  std::size_t get_irecv_test_count() const { return since().receive_attempts; }

  // ---- waiting --------------------------------------------------------------------------------

  /// Times a sender waited for room in its ring to the engine.
  std::size_t get_waitsome_isend_irecv_count() const { return since().room_waits; }
  /// How long, with what it ran meanwhile, seconds.
  double get_waitsome_isend_irecv_time() const { return since().room_wait_seconds; }

  /// Rounds in which this rank's engine asked all others whether everything has been handled.
  std::size_t get_iallreduce_count() const { return since().waves; }
  /// Times the rank had nothing to do in a barrier.
  std::size_t get_waitsome_iallreduce_count() const { return since().barrier_waits; }
  /// How long, seconds.
  double get_waitsome_iallreduce_time() const { return since().barrier_wait_seconds; }

  double get_elapsed_time() const { return MPI_Wtime() - start_s_; }

  // ---- what only ygm::comm calls --------------------------------------------------------------

  /// Messages that are no calls of async() have been sent.
  void broadcast(std::uint64_t messages) { broadcast_messages_ += messages; }
  void barrier() { ++barriers_; }

 private:
  buddy::Stats now() const { return comm_ == nullptr ? buddy::Stats() : comm_->stats(); }
  buddy::Stats since() const { return now() - start_; }

  const buddy::Comm* comm_ = nullptr;
  buddy::Stats start_;
  std::uint64_t broadcast_messages_ = 0;
  std::uint64_t barriers_ = 0;
  double start_s_ = 0;
};

}  // namespace ygm::detail
