// The communicator: fire-and-forget messages between the ranks of an MPI program.
#pragma once

#include <array>
#include <buddy/comm_options.hpp>
#include <buddy/detail/bytes_handler.hpp>
#include <buddy/detail/handler_table.hpp>
#include <buddy/detail/mpi.hpp>
#include <buddy/detail/outbox.hpp>
#include <buddy/error.hpp>
#include <buddy/handle.hpp>
#include <buddy/prefetch.hpp>
#include <buddy/region.hpp>
#include <buddy/stats.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace buddy {

namespace detail {
class CommState;

/// Counts calls that run the program's code.
class UserCode {
 public:
  explicit UserCode(int& depth) noexcept : depth_(depth) { ++depth_; }
  UserCode(const UserCode&) = delete;
  UserCode& operator=(const UserCode&) = delete;
  ~UserCode() { --depth_; }

 private:
  int& depth_;
};
}  // namespace detail

/// Sends messages "run this handler with these arguments on that rank" and forgets them.
///
/// Guarantees: every message runs exactly once; messages from one rank to another run in the order
/// sent. Handlers run on the receiving rank's thread, one after the other, only inside calls to
/// poll(), barrier(), wait_until() and async() made outside of handlers.
/// Memory: bounded, whatever the number of messages; a sender ahead of its receivers waits, and
/// runs what arrives meanwhile. Only a handler's own sends may exceed the rings; they are kept in
/// this rank's memory until there is room.
/// Errors: buddy::Error, see error.hpp. Exceptions thrown by a handler leave through the poll(),
/// barrier() or wait_until() that ran it, or the next one if it was run by async(); its message
/// counts as handled.
/// Threads: one thread at a time; the one that made the communicator.
class Comm {
 public:
  /// Collective over MPI_COMM_WORLD. Calls MPI_Init if nobody has, and then MPI_Finalize at the
  /// end.
  Comm(int* argc, char*** argv, const Options& options = {});
  /// Collective over \p parent, which is duplicated. MPI must be initialised.
  explicit Comm(MPI_Comm parent, const Options& options = {});
  /// Collective: a barrier(), then everything is given back. Never throws; during stack unwinding
  /// or after an error the barrier is left out. Before MPI_Finalize, which otherwise does the same
  /// and says so. In a handler, a callback or a condition nothing may wait: exit() there ends the
  /// communicator with an error for the other ranks, and destroying it there ends the process.
  ~Comm();
  Comm(const Comm&) = delete;
  Comm& operator=(const Comm&) = delete;

  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }
  /// Index of this rank's node, 0 .. nodes()-1.
  int node() const noexcept;
  int nodes() const noexcept;
  /// Ranks that share this rank's node, ascending, this rank included.
  std::span<const int> ranks_of_node() const noexcept;
  Placement placement() const noexcept;
  FabricKind fabric() const noexcept;
  /// What was chosen; never automatic.
  Routing routing() const noexcept;
  /// Worker threads of each engine process; 0 in host placement.
  int workers() const noexcept;
  /// The duplicate of the communicator this was made from; MPI_COMM_NULL after MPI_Finalize.
  MPI_Comm mpi_comm() const noexcept;

  /// Runs handler(args...) or handler(Comm&, args...) on rank \p dest; returns at once.
  /// \param handler captureless or trivially copyable lambda, functor, or function pointer
  /// \param args trivially copyable (also in pairs and tuples): copied; all others: through cereal;
  ///   what refers to this rank's memory does not compile
  /// Arguments and captures are sent as they are at the call, whatever handlers do meanwhile; if
  /// copying one throws, nothing is sent.
  /// Cost: for trivially copyable arguments no allocation, no lock, no call; a full block is handed
  /// on. Errors: invalid_argument for a rank outside the job and for a function pointer that is
  /// null or points to no code of this program; peer_died, corrupt from waiting.
  template <class H, class... Args>
  void async(int dest, H&& handler, const Args&... args) {
    if (static_cast<unsigned>(dest) >= static_cast<unsigned>(size_)) throw_bad_destination(dest);
    using Handler = std::decay_t<H>;
    using Codec = detail::CodecFor<Handler, std::decay_t<Args>...>;
    using Registered = detail::Registered<Handler, std::decay_t<Args>...>;
    const auto& encoded = Codec::encode(handler, "async()");
    if constexpr (Codec::is_fixed && Codec::fixed_bytes <= max_inline_bytes) {
      constexpr auto bytes = static_cast<std::uint32_t>(Codec::fixed_bytes);
      if (std::byte* item = outbox_.try_extend(Registered::key, bytes + 4); item != nullptr)
          [[likely]] {
        std::memcpy(item, &dest, 4);
        Codec::pack(item + 4, encoded, args...);
        if (outbox_.engine_is_idle()) [[unlikely]]
          publish_to_idle_engine();
        return;
      }
    }
    // Sending may run handlers, and they may change or free what the arguments refer to: the
    // message is complete before.
    if constexpr (Codec::is_fixed && Codec::fixed_bytes <= max_stack_bytes) {
      // In place: arguments whose address is passed on would live in memory in the caller's loop.
      std::array<std::byte, Codec::fixed_bytes> message;
      Codec::pack(message.data(), encoded, args...);
      send_packed(dest, Registered::id, message, true);
    } else {
      std::vector<std::byte> message = pack_slow<Codec>(encoded, args...);
      send_packed(dest, Registered::id, message, Codec::is_fixed);
      give_buffer(std::move(message));
    }
  }

  /// async() to every rank, this one included.
  template <class H, class... Args>
  void async_bcast(H&& handler, const Args&... args) {
    using Handler = std::decay_t<H>;
    using Codec = detail::CodecFor<Handler, std::decay_t<Args>...>;
    const std::uint32_t id = detail::Registered<Handler, std::decay_t<Args>...>::id;
    std::vector<std::byte> payload =
        pack_slow<Codec>(Codec::encode(handler, "async_bcast()"), args...);
    for (int dest = 0; dest < size_; ++dest) send_packed(dest, id, payload, Codec::is_fixed);
    give_buffer(std::move(payload));
  }

  /// async() to each rank of \p dests; a rank named twice gets two.
  template <class H, class... Args>
  void async_mcast(std::span<const int> dests, H&& handler, const Args&... args) {
    using Handler = std::decay_t<H>;
    using Codec = detail::CodecFor<Handler, std::decay_t<Args>...>;
    const std::uint32_t id = detail::Registered<Handler, std::decay_t<Args>...>::id;
    for (const int dest : dests) {
      if (static_cast<unsigned>(dest) >= static_cast<unsigned>(size_)) throw_bad_destination(dest);
    }
    // Sending may run handlers, and they may change the list.
    const std::vector<int> as_called(dests.begin(), dests.end());
    std::vector<std::byte> payload =
        pack_slow<Codec>(Codec::encode(handler, "async_mcast()"), args...);
    for (const int dest : as_called) send_packed(dest, id, payload, Codec::is_fixed);
    give_buffer(std::move(payload));
  }

  /// Sending without waiting, for programs that have something else to do: async() of plain bytes
  /// that runs no handlers here, and changes nothing if there is no room.
  /// \param handler captureless; runs as handler(bytes) or handler(Comm&, bytes) on rank \p dest
  ///   and gets a std::span<const std::byte> that is valid during the call, not aligned
  /// \param bytes at most max_try_bytes; copied
  /// \return false if rings are full: try again after poll()
  /// Order among messages of async() and try_async() to one rank is that of the calls. Errors: as
  /// async(), and invalid_argument for more bytes.
  template <detail::BytesHandler H>
  [[nodiscard]] bool try_async(int dest, H /*handler*/, std::span<const std::byte> bytes) {
    if (static_cast<unsigned>(dest) >= static_cast<unsigned>(size_)) throw_bad_destination(dest);
    return try_send(dest, detail::BytesRegistered<H>::id, bytes);
  }
  static constexpr std::size_t max_try_bytes = 8192;

  /// Hands what was sent to the engine and lets it work; neither waits nor runs handlers.
  /// \return whether all of it arrives without further calls of this rank. Where two hops are taken
  /// in host placement other ranks forward it, and need their own calls for that; so does this
  /// rank, for theirs
  [[nodiscard]] bool try_flush();

  /// Collective. Returns when every message sent before it on any rank, and every message those
  /// caused, has run. Not from a handler.
  void barrier();
  /// Collective. barrier(), and what a rank sends after it is not run by any rank that is still
  /// inside. Costs a second round among the engines.
  void phase_barrier();
  /// Collective. An MPI barrier: runs no handlers, says nothing about messages.
  void control_barrier();
  /// Hands what was sent to the engine and runs what has arrived. \return messages handled
  std::size_t poll();
  /// Polls until \p condition() holds; sleeps when nothing arrives. Not from a handler.
  template <std::predicate Condition>
  void wait_until(Condition condition) {
    const detail::UserCode scope(user_code_);
    while (!condition()) wait_for_progress();
  }
  /// From now on defers what arrives, in this rank's memory; handlers run again after
  /// hold_handlers(false), in the next call that may run them. barrier() throws meanwhile.
  void hold_handlers(bool hold) noexcept;
  /// MPI_Wait for a request of the program's own while messages keep moving; runs no handlers.
  /// In a handler messages stand still meanwhile.
  void wait_for(MPI_Request& request, MPI_Status* status = MPI_STATUS_IGNORE);
  /// Runs \p callback once inside the next barrier(), before it can complete; it may send messages
  /// and register further callbacks.
  void before_barrier(std::function<void()> callback);

  /// Collective over MPI: combines one value per rank with \p op, in rank order, the same result on
  /// every rank. Runs no handlers. \param op associative
  template <class T, class Op>
  T all_reduce(const T& value, Op op);
  template <class T>
  T all_reduce_sum(const T& value);
  template <class T>
  T all_reduce_min(const T& value);
  template <class T>
  T all_reduce_max(const T& value);
  /// Collective over MPI: rank \p root's value on every rank. Runs no handlers.
  template <class T>
  void broadcast(T& value, int root);

  /// Collective: a handle that means \p object on the rank that uses it. All ranks call it for the
  /// same objects in the same order.
  template <class T>
  Handle<T> handle(T& object) {
    return Handle<T>(register_object(&object));
  }

  /// This rank's counters; engine figures are those of the engine this rank is attached to.
  Stats stats() const;
  /// Collective: the whole job's, each engine counted once.
  Stats stats_total();

 private:
  friend class detail::CommState;
  friend class Region;
  static constexpr std::size_t max_inline_bytes = 8192;  ///< larger payloads go in fragments

  static constexpr std::size_t max_stack_bytes = 256;  ///< larger ones are built in a buffer

  template <class Codec, class Encoded, class... Args>
  std::vector<std::byte> pack_slow(const Encoded& encoded, const Args&... args) {
    std::vector<std::byte> buffer = take_buffer();
    if constexpr (Codec::is_fixed) {
      buffer.resize(Codec::fixed_bytes);
      Codec::pack(buffer.data(), encoded, args...);
    } else {
      Codec::serialize(buffer, encoded, args...);
    }
    return buffer;
  }

  [[noreturn]] void throw_bad_destination(int dest) const;
  void publish_to_idle_engine();
  /// A buffer with memory from earlier messages; handlers that run meanwhile get another one.
  std::vector<std::byte> take_buffer() noexcept;
  void give_buffer(std::vector<std::byte> buffer) noexcept;
  void send_packed(int dest, std::uint32_t handler, std::span<const std::byte> payload,
                   bool is_fixed);
  bool try_send(int dest, std::uint32_t handler, std::span<const std::byte> bytes);
  void wait_for_progress();
  std::uint32_t register_object(void* object);
  std::vector<std::vector<std::byte>> all_gather(std::span<const std::byte> mine);
  void all_reduce_in_place(void* value, MPI_Datatype type, MPI_Op op);
  void broadcast_bytes(std::vector<std::byte>& bytes, int root);

  detail::Outbox outbox_;
  int rank_ = 0;
  int size_ = 0;
  int user_code_ = 0;  ///< calls under way that run the program's code
  bool owns_mpi_ = false;
  std::unique_ptr<detail::CommState> state_;
};

}  // namespace buddy

#include <buddy/detail/collectives.hpp>  // IWYU pragma: export
