// Everything behind a communicator.
#pragma once

#include <array>
#include <atomic>
#include <buddy/comm.hpp>
#include <buddy/detail/mpi.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "arena/yielder.hpp"
#include "base/counters.hpp"
#include "comm/bootstrap/bootstrap.hpp"
#include "comm/bootstrap/mpi_exchange.hpp"
#include "comm/bootstrap/mpi_life.hpp"
#include "comm/bootstrap/settings.hpp"
#include "comm/endpoint/endpoint.hpp"
#include "comm/observe/address_check.hpp"
#include "comm/observe/profiler.hpp"
#include "comm/session/engine_connection.hpp"
#include "comm/session/kept_sessions.hpp"

namespace buddy::detail {

/// Owns a communicator's connections; made and given up collectively.
/// Threads: the rank's.
class CommState final : private comm::Receiver {
 public:
  /// Collective. Throws Error, the same on all ranks, with the lowest rank's reason.
  CommState(Comm& comm, MPI_Comm parent, const Options& options);
  ~CommState() override;

  comm::Endpoint& endpoint() noexcept { return *endpoint_; }
  MPI_Comm mpi() const noexcept { return mpi_; }
  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }
  const comm::Settings& settings() const noexcept { return settings_; }
  const comm::Job& job() const noexcept { return session_->job; }
  const std::vector<int>& ranks_of_node() const noexcept { return ranks_of_node_; }
  int node() const noexcept;
  int nodes() const noexcept { return static_cast<int>(nodes_); }
  int workers() const noexcept;
  std::vector<std::byte>& buffer() noexcept { return buffer_; }

  /// Waits for MPI while Buddy's messages keep moving; runs no handlers. In a handler messages
  /// stand still. \param memory that MPI writes to: outlives a wait that ends with an error
  void wait_for_mpi(MPI_Request& request, const std::shared_ptr<void>& memory = {},
                    MPI_Status* status = MPI_STATUS_IGNORE);
  /// Before a collective operation is started. Throws invalid_argument in a handler and after
  /// MPI_Finalize, and the job's error if it has failed.
  void expect_collective() const;
  /// Throws invalid_argument after MPI_Finalize.
  void expect_mpi() const;
  /// The same for comm::all_gather_bytes() and broadcast_bytes().
  comm::WaitForMpi mpi_wait() {
    return [this](MPI_Request& request, const std::shared_ptr<void>& memory) {
      wait_for_mpi(request, memory);
    };
  }
  /// Collective: the number of a new handle, the same on all ranks and new in each process.
  std::uint32_t next_handle();
  /// Looks for addresses in a message if the program is being checked. Throws invalid_argument.
  void check(std::uint32_t handler, std::span<const std::byte> payload) {
    if (address_check_) [[unlikely]]
      address_check_->look(handler, payload);
  }
  /// Runs \p callback inside the next barrier().
  void before_barrier(std::function<void()> callback);
  /// This rank's counters and its engine's.
  Stats stats();
  /// nullptr unless the program is being profiled.
  comm::Profiler* profiler() noexcept { return profiler_.get(); }
  /// This rank speaks for its agent.
  bool is_representative() const noexcept { return is_representative_; }
  /// Collective end in good order: a barrier, then farewell. Left out when the job has failed,
  /// during stack unwinding, and where nobody may wait: then the others are told.
  /// \return whether it was in good order
  bool leave() noexcept;

 private:
  void join_thread();
  void leave_thread();
  /// Of the other communicators of this thread. \return whether anything moved
  bool keep_others_going();
  /// Collective. Numbers for handles that are free on every rank.
  std::uint32_t agree_on_handle_block();
  void barrier_without_exceptions();
  /// Barrier and farewell. Throws when the job fails.
  void leave_in_order();
  /// Inside one of its own calls that run the program's code, or inside a handler of another one.
  bool in_the_middle() const noexcept;
  /// The communicator ends inside one of its own calls, or inside a handler of another one.
  void end_in_the_middle() noexcept;
  /// Ends without waiting for anybody: the others get \p why as their error.
  void give_up(const Status& why) noexcept;
  /// MPI_Finalize has been called and waits for us.
  void finalize_begins() noexcept;
  /// Collective: whether the session outlives this communicator, which waits for all ranks.
  bool all_can_keep_session();
  void make_session(Status status);
  /// Gives the others time to take this rank's last word. \return false if that was not enough
  bool wait_until_left(std::uint64_t limit_ns);
  Status make_connection();
  void connect();
  void use_session();
  /// Of this rank's engine, since this communicator uses it.
  std::uint64_t counted(Counter counter) const;
  void start_profiler();
  void start_watch();

  bool accepts(std::uint32_t handler, std::uint32_t item_bytes) noexcept override;
  void run_fixed(std::uint32_t handler, const std::byte* items, std::uint32_t count,
                 std::uint32_t& done) override;
  void run_variable(std::uint32_t handler, std::span<const std::byte> payload) override;

  Comm& comm_;
  MPI_Comm mpi_ = MPI_COMM_NULL;
  int rank_ = 0;
  int size_ = 0;
  comm::Settings settings_;
  transport::ControlSocket socket_;
  std::unique_ptr<comm::Session> session_;
  std::vector<int> ranks_of_node_;
  std::uint32_t nodes_ = 0;
  bool is_representative_ = false;
  int exceptions_at_start_;                       ///< under way when it was made
  bool left_ = false;                             ///< in good order
  bool given_up_ = false;                         ///< not in good order, and the others know
  std::atomic<bool> mpi_has_ended_ = false;       ///< MPI_Finalize may be another thread's
  CommState* next_ = nullptr;                     ///< in the list of the thread's communicators
  comm::EngineConnection* connection_ = nullptr;  ///< the session's
  std::array<std::uint64_t, counter_count> counters_at_start_{};
  std::unique_ptr<comm::WaitWatch> watch_;  ///< the endpoint's
  arena::Yielder yielder_;
  std::unique_ptr<comm::Endpoint> endpoint_;
  std::vector<std::byte> buffer_;  ///< memory for serialising, kept between messages
  std::uint64_t late_wakeups_at_start_ = 0;
  std::uint64_t cpu_at_start_ns_ = 0;
  std::unique_ptr<comm::Profiler> profiler_;
  std::optional<comm::AddressCheck> address_check_;
  std::uint32_t next_handle_ = 0;
  std::uint32_t end_of_handles_ = 0;  ///< of the block at hand
  std::optional<comm::BeforeFinalize> before_finalize_;
};

}  // namespace buddy::detail
