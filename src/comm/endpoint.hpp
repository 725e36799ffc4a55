// A rank's end of the message path: append, publish, take in, run, wait.
#pragma once

#include <buddy/detail/outbox.hpp>
#include <buddy/stats.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "arena/sizes.hpp"
#include "base/status.hpp"
#include "comm/engine_channel.hpp"
#include "comm/fragments.hpp"
#include "comm/stop_watch.hpp"
#include "comm/wait_watch.hpp"
#include "wire/block_builder.hpp"
#include "wire/control.hpp"

namespace buddy::comm {

/// How far an endpoint is, as its engine knows it.
struct EndpointCounts {
  std::uint64_t sent_records = 0;
  std::uint64_t handled_records = 0;
  std::uint64_t consumed_frames = 0;
  std::uint64_t barriers = 0;
};

/// Everything a communicator does with messages, without MPI and without knowing handlers.
///
/// Invariants: blocks reach the engine_channel in the order they were filled, those set aside
/// first; a handler never waits and never runs inside another; while waiting, the rank runs what
/// arrives, so that a full ring cannot stop everybody. Errors: buddy::Error from everything that
/// may wait. A handler's exception leaves through what waits for others, too, but never through
/// sending: half of a large message would be lost. It is kept for the next poll(),
/// wait_for_progress() or barrier(). Threads: the rank's.
class Endpoint {
 public:
  /// \param outbox the append position that async() uses; must outlive the endpoint
  /// \param most_collected_bytes a block is published when it has so many, full or not
  /// \param counts of the endpoint that used the engine_channel before, at its end
  Endpoint(std::uint32_t rank, detail::Outbox& outbox, EngineChannel& engine_channel,
           Receiver& receiver, const arena::Sizes& sizes,
           std::size_t most_collected_bytes = std::numeric_limits<std::size_t>::max(),
           const EndpointCounts& counts = {});

  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// For several endpoints of one thread: handlers of one never run inside those of another, and
  /// while one waits, the others are kept going without running theirs.
  /// \param in_handler shared by all of them
  /// \param others keeps the others going; \return whether anything moved
  void share_thread(bool& in_handler, std::function<bool()> others) {
    in_handler_ = &in_handler;
    others_ = std::move(others);
  }

  /// From now on async() never extends a run by itself: every message goes through send().
  void see_all_messages() {
    sees_all_messages_ = true;
    sync_from_outbox();
    sync_to_outbox();
  }
  /// \param watch is told what this rank waits for; must outlive the endpoint
  void watch_waits(WaitWatch& watch) noexcept { watch_ = &watch; }
  /// The engine's barriers that this rank has passed.
  const std::uint64_t& passed() const noexcept { return passed_; }

  /// Room for an item that the open run could not take; starts a run, or hands the block on first.
  std::byte* open_run(std::uint32_t handler, std::uint32_t item_bytes);
  /// Sends a message whose size is not known at compile time, in fragments if need be.
  void send(std::uint32_t dest, std::uint32_t handler, bool is_fixed,
            std::span<const std::byte> payload);
  /// The engine is idle: publishes what there is although the block is not full, if it is enough.
  void publish_to_idle_engine();

  /// Publishes, lets the engine work, runs what has arrived. In a handler: only publishes.
  /// \return messages handled
  std::size_t poll();
  /// One round of poll(), with a rest if nothing moved.
  void wait_for_progress();
  void barrier();
  /// A barrier() and then another one that runs no handlers: what a rank sends after its
  /// phase_barrier() is run by nobody who is still inside.
  void phase_barrier();
  /// While \p hold: sets aside what arrives, in all calls, instead of running it.
  void hold_handlers(bool hold) noexcept { handlers_paused_ = hold; }
  void before_barrier(std::function<void()> callback) { callbacks_.push_back(std::move(callback)); }
  /// While something else is waited for that must not run handlers: keeps the engine and the other
  /// ranks going by setting aside what arrives.
  void progress_without_handlers();
  /// The same for a moment. \return whether anything moved
  bool progress_without_running();
  /// The same in a handler, where not even that is possible: only the engine works.
  void progress_in_handler();
  bool in_handler() const noexcept { return *in_handler_; }
  bool failed() const noexcept { return !failure_.ok(); }
  const Status& failure() const noexcept { return failure_; }
  /// Whether the engine has said that the job has failed, so that it need not be told.
  bool notified_by_engine() const noexcept { return notified_by_engine_; }
  /// Every call from now on fails for this reason, unless there is one already.
  void end_with(const Status& why) noexcept;
  /// Throws if the job has failed.
  void check();

  /// For the next endpoint of the engine_channel. After a barrier, when nothing is under way.
  EndpointCounts counts() const noexcept {
    return {sent_records_, handled_records_, consumed_frames_, passed_};
  }

  std::uint64_t block_capacity_bytes() const noexcept { return builder_.capacity(); }
  /// Counters so far, messages still in the open block included.
  Stats stats();

 private:
  enum class Reason { full, poll, idle };

  void sync_from_outbox() noexcept { builder_.resume(outbox_.cursor); }
  void sync_to_outbox() noexcept {
    outbox_.cursor = builder_.cursor();
    outbox_.limit = append_limit_;
    outbox_.open_key = sees_all_messages_ ? detail::Outbox::no_key : builder_.open_key();
  }
  /// The block has as much as it may collect. It may hold one item whatever the limit.
  bool collected_enough(std::size_t more_bytes) const noexcept {
    return !builder_.empty() && builder_.cursor() + more_bytes > append_limit_;
  }
  /// Gives the open block to the engine, or sets it aside; never waits.
  void publish(Reason reason);
  /// The same, then runs what has arrived and, outside of handlers, waits until nothing is set
  /// aside.
  void flush(Reason reason);
  void count_block(Reason reason);
  /// Until the overflow queue is empty; runs what arrives, and keeps what handlers throw.
  void wait_for_room();
  bool try_push(std::span<const std::byte> body, std::uint64_t records);
  void push_overflow(std::span<const std::byte> body, std::uint64_t records);
  bool drain_overflow();
  void send_fragments(std::uint32_t dest, std::uint32_t handler,
                      std::span<const std::byte> payload);
  void append_variable(std::uint32_t handler, const wire::Item& item);

  /// Lets an embedded engine work. Now and then looks after everybody's health: a program that
  /// never waits has to hear of a death, too.
  std::uint32_t step();
  bool progress();
  bool take_in_without_running();
  void wait_round();
  void rest();
  /// Passes the next barrier of the engine. \param step what to do meanwhile; returns if it did
  template <class Step>
  void pass_barrier(Step step);
  /// Runs \p step; exceptions of handlers are kept.
  template <class Step>
  void keep_exceptions(Step step);
  void throw_kept();
  /// The job has failed, as this rank finds first: the engine tells the others.
  [[noreturn]] void fail(Status why);
  [[noreturn]] void channel_broken();
  void look_at_wait();
  bool dispatch();
  bool dispatch_deferred();
  void run_runs(std::span<const std::byte> body);
  void run_fixed(const wire::Run& run);
  void run_variable(const wire::Run& run);
  void run_item(std::uint32_t handler, std::span<const std::byte> payload);
  template <class Call>
  void call_handlers(Call call);
  void take_control(const wire::Frame& frame);
  [[noreturn]] void corrupt(const char* what);
  void report_to_barrier();
  bool run_callbacks();

  struct Block {
    std::vector<std::byte> body;
    std::uint64_t records;
  };

  std::uint32_t rank_;
  detail::Outbox& outbox_;
  EngineChannel& engine_channel_;
  Receiver& receiver_;
  std::vector<std::byte> block_memory_;
  wire::BlockBuilder builder_;
  std::byte* append_limit_;            ///< where appending ends: the block's, or sooner
  std::deque<Block> overflow_;         ///< to be published
  std::deque<Block> deferred_frames_;  ///< to be run
  std::uint64_t overflow_bytes_ = 0;
  Reassembly reassembly_;
  std::deque<std::function<void()>> callbacks_;

  bool sees_all_messages_ = false;
  bool handlers_paused_ = false;  ///< handlers, by hold_handlers()
  bool own_in_handler_ = false;
  bool* in_handler_ = &own_in_handler_;  ///< this endpoint's, or all of the thread
  std::function<bool()> others_;
  bool handler_threw_ = false;  ///< the exception under way is a handler's
  std::deque<std::exception_ptr> kept_;
  WaitWatch* watch_ = nullptr;
  std::uint32_t steps_ = 0;
  std::uint32_t run_offset_ = 0;  ///< where the walk over the frame at hand goes on
  std::uint32_t item_ = 0;
  EndpointCounts at_start_;
  std::uint64_t sent_records_ = 0;  ///< published; fragments count one by one
  std::uint64_t handled_records_ = 0;
  std::uint64_t consumed_frames_ = 0;
  std::uint64_t epoch_ = 0;     ///< the engine's barriers: entered
  std::uint64_t released_ = 0;  ///< completed
  std::uint64_t passed_ = 0;    ///< left; a phase_barrier() passes two
  wire::BarrierReport reported_{};
  std::size_t smallest_piece_bytes_ = 0;  ///< worth handing to an idle engine
  Status failure_;
  bool notified_by_engine_ = false;  ///< of the failure
  Stats stats_;
};

}  // namespace buddy::comm
