// ygm::comm on Buddy's engine. Put this folder in front of YGM's on the include path, and YGM's
// own containers, io and utilities use it.
#pragma once

/// Defined only here: tells at compile time that ygm::comm is Buddy's. Counts up when what is
/// offered changes.
#define BUDDY_YGM 2

#include <buddy/comm.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>
#include <ygm/detail/buddy/functor.hpp>
#include <ygm/detail/buddy/interrupt_switch.hpp>
#include <ygm/detail/buddy/ygm_headers.hpp>
#include <ygm/detail/comm_environment.hpp>
#include <ygm/detail/comm_router.hpp>
#include <ygm/detail/comm_stats.hpp>
#include <ygm/detail/layout.hpp>
#include <ygm/detail/logger.hpp>
#include <ygm/detail/tracer.hpp>

namespace ygm {

template <typename T>
class ygm_ptr;

namespace detail {
class interrupt_mask;
}

/// Sends messages "run this function object with these arguments on that rank" and forgets them.
///
/// Guarantees: every message runs exactly once, those from one rank to another in the order sent.
/// Handlers run on the receiving rank's thread, one after the other, only inside async(),
/// async_bcast(), async_mcast(), barrier(), async_barrier() and the local_ functions of their own
/// communicator, never in a call made by a handler; messages to oneself, too.
/// Errors: buddy::Error, a std::runtime_error. What a handler throws leaves through the barrier or
/// local_ function that ran it.
/// Threads: the one that made it.
/// The functions that YGM offers for const communicators are const here; they do the same.
class comm : private buddy::Comm {
 public:
  /// Collective over MPI_COMM_WORLD. Calls MPI_Init if nobody has, and then MPI_Finalize at the
  /// end.
  comm(int* argc, char*** argv);
  /// Collective over \p parent, which is duplicated. Throws std::runtime_error before MPI_Init.
  comm(MPI_Comm parent);  // NOLINT(google-explicit-constructor): as YGM's
  comm(const comm&) = delete;
  comm& operator=(const comm&) = delete;
  /// Collective: a barrier() first. During stack unwinding it waits for nobody.
  ~comm();

  // ---- messages -----------------------------------------------------------------------------

  /// Runs fn(comm*, args...) or fn(args...) on rank \p dest; returns when fn and args are copied.
  /// \param fn trivially copyable, unless YGM_SKIP_ASYNC_LAMBDA_COMPLIANCE is defined as 1 before
  ///           this header is included; its captures travel as bytes
  /// \param args trivially copyable ones and ygm_ptr are copied, all others go through cereal
  template <typename AsyncFunction, typename... SendArgs>
  void async(int dest, AsyncFunction&& fn, const SendArgs&... args) const;
  /// async() to every rank, this one included.
  template <typename AsyncFunction, typename... SendArgs>
  void async_bcast(AsyncFunction&& fn, const SendArgs&... args) const;
  /// async() to each of \p dests.
  template <typename AsyncFunction, typename... SendArgs>
  void async_mcast(const std::vector<int>& dests, AsyncFunction&& fn,
                   const SendArgs&... args) const;

  // ---- waiting ------------------------------------------------------------------------------

  /// Collective. Returns when every message, and every message those caused, has run, and all
  /// ranks are in barrier(): those in async_barrier() are waited for.
  void barrier() const;
  /// Collective. As barrier(), but matches barrier() and async_barrier() of other ranks alike, and
  /// returns when the messages so far have run.
  void async_barrier() const;
  /// Collective. An MPI barrier: runs no handlers.
  void cf_barrier() const { self().control_barrier(); }
  /// Publishes what was sent and runs what has arrived.
  void local_progress() const { self().poll(); }
  /// The same. \return whether anything had arrived
  bool local_process_incoming() const { return self().poll() != 0; }
  /// local_progress() until fn() is true; sleeps when nothing arrives.
  template <typename Function>
  void local_wait_until(Function fn) const;
  /// Runs \p fn once inside the next barrier.
  void register_pre_barrier_callback(const std::function<void()>& fn) const {
    self().before_barrier(fn);
  }

  // ---- collective operations: run no handlers -------------------------------------------------

  template <typename T>
  ygm_ptr<T> make_ygm_ptr(T& object) const;
  template <typename T>
  T all_reduce_sum(const T& value) const {
    return self().buddy::Comm::all_reduce_sum(value);
  }
  template <typename T>
  T all_reduce_min(const T& value) const {
    return self().buddy::Comm::all_reduce_min(value);
  }
  template <typename T>
  T all_reduce_max(const T& value) const {
    return self().buddy::Comm::all_reduce_max(value);
  }
  /// Along a binary tree of ranks: merge(merge(mine, that of 2r+1 and below), that of 2r+2 ...).
  template <typename T, typename MergeFunction>
  T all_reduce(const T& value, MergeFunction merge) const;

  // ---- who and where ------------------------------------------------------------------------

  int size() const { return buddy::Comm::size(); }
  int rank() const { return buddy::Comm::rank(); }
  bool rank0() const { return rank() == 0; }
  /// For the program's own MPI calls.
  MPI_Comm get_mpi_comm() const { return mpi_comm(); }
  const detail::layout& layout() const { return layout_; }
  const detail::comm_router& router() const { return router_; }
  /// What only Buddy has: placement, nodes, its statistics.
  const buddy::Comm& buddy_comm() const { return *this; }

  // ---- values by MPI: run no handlers, messages keep moving -----------------------------------

  template <typename T>
  void mpi_send(const T& data, int dest, int tag, MPI_Comm where) const;
  template <typename T>
  void mpi_send(const T& data, int dest, int tag) const {
    mpi_send(data, dest, tag, mpi_comm());
  }
  template <typename T>
  T mpi_recv(int source, int tag, MPI_Comm where) const;
  template <typename T>
  T mpi_recv(int source, int tag) const {
    return mpi_recv<T>(source, tag, mpi_comm());
  }
  template <typename T>
  T mpi_bcast(const T& data, int root, MPI_Comm where) const;
  template <typename T>
  T mpi_bcast(const T& data, int root) const {
    return mpi_bcast(data, root, mpi_comm());
  }

  // ---- output -------------------------------------------------------------------------------

  /// A stream; the rank has been written to it.
  std::ostream& cout() const;
  std::ostream& cerr() const;
  /// A stream that writes on rank 0 only.
  std::ostream& cout0() const;
  std::ostream& cerr0() const;
  /// A line "rank: args".
  template <typename... Args>
  void cout(Args&&... args) const;
  template <typename... Args>
  void cerr(Args&&... args) const;
  /// A line on rank 0 only.
  template <typename... Args>
  void cout0(Args&&... args) const;
  template <typename... Args>
  void cerr0(Args&&... args) const;

  /// Writes what this communicator runs on, as lines "NAME = value", on rank 0, once per process.
  void welcome(std::ostream& os = std::cout) const;
  const detail::comm_stats& stats() const { return stats_; }
  void stats_reset() { stats_.reset(); }
  /// Collective. Writes sums over all ranks, as lines "NAME = value", on rank 0.
  void stats_print(const std::string& name = "", std::ostream& os = std::cout) const;

  /// Writes to this rank's log; see detail::logger.
  template <typename... Args>
  void log(log_level level, const Args&... args) const {
    logger_.log(level, args...);
  }
  template <typename... Args>
  void log(const std::vector<logger_target>& targets, log_level level, const Args&... args) const {
    logger_.log(targets, level, args...);
  }
  void set_log_level(log_level level) { logger_.set_log_level(level); }
  log_level get_log_level() const { return logger_.get_log_level(); }
  void set_logger_target(logger_target target) { logger_.set_logger_target(target); }
  logger_target get_logger_target() const { return logger_.get_logger_target(); }
  /// \param folder where each rank gets a file; made if need be
  void set_log_location(const std::filesystem::path& folder);

  /// YGM's event traces do not exist here: the first of these calls says so on stderr.
  void enable_ygm_tracing() const { say_no_tracing(); }
  void enable_mpi_tracing() const { say_no_tracing(); }
  void disable_ygm_tracing() const {}
  void disable_mpi_tracing() const {}
  bool is_ygm_tracing_enabled() const { return false; }
  bool is_mpi_tracing_enabled() const { return false; }

 private:
  friend class detail::interrupt_mask;
  friend comm* detail::owner_of(buddy::Comm&) noexcept;

  comm(const detail::comm_environment& environment, int* argc, char*** argv);
  comm(const detail::comm_environment& environment, MPI_Comm parent);
  static buddy::Options options_of(const detail::comm_environment& environment);
  static MPI_Comm when_initialised(MPI_Comm parent);
  void begin();
  void say_no_effect() const;
  void say_no_tracing() const;
  comm& self() const { return const_cast<comm&>(*this); }
  /// \param full it is a barrier(). \return whether it is one on all ranks
  bool pass_barrier(bool full) const;

  detail::comm_environment environment_;
  detail::layout layout_;
  detail::comm_router router_;
  mutable detail::comm_stats stats_;
  detail::logger logger_;
  detail::interrupt_switch m_enable_interrupts;
};

}  // namespace ygm

#include <ygm/detail/buddy/comm_life.hpp>      // IWYU pragma: export
#include <ygm/detail/buddy/comm_messages.hpp>  // IWYU pragma: export
#include <ygm/detail/buddy/comm_mpi.hpp>       // IWYU pragma: export
#include <ygm/detail/buddy/comm_output.hpp>    // IWYU pragma: export
#include <ygm/detail/buddy/ptr.hpp>            // IWYU pragma: export
