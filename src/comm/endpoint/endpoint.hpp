// A rank's end of the message path: append, publish, take in, run, wait.
#pragma once

#include <buddy/detail/outbox.hpp>
#include <buddy/stats.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <utility>

#include "arena/sizes.hpp"
#include "base/status.hpp"
#include "comm/endpoint/barrier_client.hpp"
#include "comm/endpoint/dispatcher.hpp"
#include "comm/endpoint/endpoint_context.hpp"
#include "comm/endpoint/engine_channel.hpp"
#include "comm/endpoint/sender.hpp"
#include "comm/observe/wait_watch.hpp"

namespace buddy::comm {

/// Everything a communicator does with messages, without MPI and without knowing handlers: all that
/// waits is here. Sender, Dispatcher and BarrierClient, which never wait, do the rest.
///
/// Invariants: a handler never waits; while waiting, the rank runs what arrives, so that a full
/// ring cannot stop everybody.
/// Errors: buddy::Error from everything that may wait. A handler's exception leaves through what
/// waits for others, too, but never through sending: half of a large message would be lost. It is
/// kept for the next poll(), wait_for_progress() or barrier().
/// Threads: the rank's.
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
    context_.in_handler = &in_handler;
    others_ = std::move(others);
  }

  /// From now on async() never extends a run by itself: every message goes through send().
  void see_all_messages() noexcept { sender_.see_all_messages(); }
  /// \param watch is told what this rank waits for; must outlive the endpoint
  void watch_waits(WaitWatch& watch) noexcept { context_.health.watch_waits(watch); }
  /// The engine's barriers that this rank has passed.
  const std::uint64_t& passed() const noexcept { return context_.counts.barriers; }

  /// Room for an item that the open run could not take; starts a run, or hands the block on first.
  std::byte* open_run(std::uint32_t handler, std::uint32_t item_bytes);
  /// Sends a message whose size is not known at compile time, in fragments if need be.
  void send(std::uint32_t dest, std::uint32_t handler, bool is_fixed,
            std::span<const std::byte> payload);
  /// The same without waiting and without running anything, for payloads of one item at most.
  /// \return false if it has to wait; then nothing is sent
  bool try_send(std::uint32_t dest, std::uint32_t handler, std::span<const std::byte> payload);
  /// Gives the engine what was sent, as far as there is room, and lets it work.
  /// \return whether all of it arrives without further calls
  bool try_flush();
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
  /// While \p hold: defers what arrives, in all calls, instead of running it.
  void hold_handlers(bool hold) noexcept { dispatcher_.pause_handlers(hold); }
  void before_barrier(std::function<void()> callback) { barrier_.before(std::move(callback)); }
  /// While something else is waited for that must not run handlers: keeps the engine and the other
  /// ranks going by setting aside what arrives.
  void progress_without_handlers();
  /// The same for a moment. \return whether anything moved
  bool progress_without_running();
  /// The same in a handler, where not even that is possible: only the engine works.
  void progress_in_handler();
  bool in_handler() const noexcept { return *context_.in_handler; }
  bool failed() const noexcept { return !failure().ok(); }
  const Status& failure() const noexcept { return context_.health.failure(); }
  /// Whether the engine has said that the job has failed, so that it need not be told.
  bool notified_by_engine() const noexcept { return context_.health.notified_by_engine(); }
  /// Every call from now on fails for this reason, unless there is one already.
  void end_with(const Status& why) noexcept;

  /// For the next endpoint of the engine_channel. After a barrier, when nothing is under way.
  EndpointCounts counts() const noexcept { return context_.counts; }

  std::uint64_t block_capacity_bytes() const noexcept { return sender_.block_capacity_bytes(); }
  /// Counters so far, messages still in the open block included.
  Stats stats();

 private:
  using Reason = Sender::Reason;

  /// Publishes the open block; outside of handlers, then runs what has arrived and waits until
  /// the overflow queue is empty.
  void flush(Reason reason);
  /// Until the overflow queue is empty; runs what arrives, and keeps what handlers throw.
  void wait_for_room();
  void append_variable(std::uint32_t handler, const wire::Item& item);
  /// Whether no block waits any more; steps an embedded engine if that makes room.
  bool try_make_room();
  void send_fragments(std::uint32_t dest, std::uint32_t handler,
                      std::span<const std::byte> payload);

  /// Lets an embedded engine work. Now and then looks after everybody's health: a program that
  /// never waits has to hear of a death, too.
  std::uint32_t step();
  bool progress();
  void wait_round() { rest_unless(progress()); }
  /// After a round: rests if nothing has moved.
  void rest_unless(bool moved);
  void rest();
  /// Passes the next barrier of the engine. \param step what to do meanwhile; returns if it did
  template <class Step>
  void pass_barrier(Step step);

  EndpointContext context_;
  EndpointCounts at_start_;
  BarrierClient barrier_;
  Sender sender_;
  Dispatcher dispatcher_;
  const detail::Outbox& outbox_;
  std::function<bool()> others_;
  std::uint32_t steps_ = 0;
};

}  // namespace buddy::comm
