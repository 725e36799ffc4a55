#include "comm/endpoint/endpoint.hpp"

#include <cstring>
#include <optional>
#include <utility>

#include "arena/doorbell.hpp"
#include "comm/endpoint/fragments.hpp"
#include "comm/endpoint/stop_watch.hpp"
#include "instrument/activity.hpp"

namespace buddy::comm {
namespace {

/// Steps between two looks at everybody's health, of a rank that never finds nothing to do.
constexpr std::uint32_t steps_between_checks = 16;

}  // namespace

Endpoint::Endpoint(std::uint32_t rank, detail::Outbox& outbox, EngineChannel& engine_channel,
                   Receiver& receiver, const arena::Sizes& sizes, std::size_t most_collected_bytes,
                   const EndpointCounts& counts)
    : context_(rank, engine_channel, counts),
      at_start_(counts),
      barrier_(context_),
      sender_(context_, outbox, sizes, most_collected_bytes),
      dispatcher_(context_, receiver, barrier_, sender_),
      outbox_(outbox) {}

// ---- sending --------------------------------------------------------------------------------

std::byte* Endpoint::open_run(std::uint32_t handler, std::uint32_t item_bytes) {
  context_.health.throw_if_failed();
  if (sender_.collected_enough(wire::item_stride(item_bytes, wire::Form::routed))) {
    flush(Reason::full);
  }
  for (;;) {
    if (std::byte* item = sender_.try_open_run(handler, item_bytes)) return item;
    flush(Reason::full);
  }
}

void Endpoint::send(std::uint32_t dest, std::uint32_t handler, bool is_fixed,
                    std::span<const std::byte> payload) {
  context_.health.throw_if_failed();
  if (payload.size() > arena::max_item_bytes) {
    send_fragments(dest, handler, payload);
  } else if (is_fixed) {
    std::byte* item = open_run(handler, static_cast<std::uint32_t>(payload.size()));
    wire::store(item, dest);
    if (!payload.empty()) std::memcpy(item + 4, payload.data(), payload.size());
  } else {
    append_variable(handler, {dest, payload});
  }
  if (outbox_.engine_is_idle()) publish_to_idle_engine();
}

bool Endpoint::try_make_room() {
  if (!sender_.overflowing()) return true;
  step();
  sender_.drain_overflow();
  return !sender_.overflowing();
}

bool Endpoint::try_send(std::uint32_t dest, std::uint32_t handler,
                        std::span<const std::byte> payload) {
  context_.health.throw_if_failed();
  if (!try_make_room()) return false;
  const wire::Item item{dest, payload};
  if (sender_.collected_enough(payload.size()) || !sender_.try_append(handler, item)) {
    const ActivityScope scope(Activity::buddy);
    step();  // once per block, as flush() does: deaths are noticed, and an embedded engine works
    sender_.publish(Reason::full);
    if (!try_make_room()) return false;  // one block waits, and none behind it
    if (!sender_.try_append(handler, item)) return false;
  }
  if (outbox_.engine_is_idle()) {
    const bool asleep = outbox_.idle->load(std::memory_order_relaxed) ==
                        static_cast<std::uint32_t>(arena::Wakefulness::sleeping);
    if (sender_.piece_for_idle_engine(asleep) != Sender::Piece::too_small) {
      sender_.publish(Reason::idle);
      context_.engine_channel.flush_wakeups();
    }
  }
  return true;
}

bool Endpoint::try_flush() {
  const ActivityScope scope(Activity::buddy);
  context_.health.throw_if_failed();
  sender_.allow_small_pieces();
  sender_.publish_collected();
  step();
  context_.engine_channel.flush_wakeups();
  return sender_.empty() && context_.engine_channel.needs_no_progress();
}

void Endpoint::append_variable(std::uint32_t handler, const wire::Item& item) {
  if (sender_.collected_enough(item.payload.size())) flush(Reason::full);
  while (!sender_.try_append(handler, item)) flush(Reason::full);
}

void Endpoint::send_fragments(std::uint32_t dest, std::uint32_t handler,
                              std::span<const std::byte> payload) {
  Stats& stats = context_.stats;
  const std::uint32_t stream = in_handler() ? 1 : 0;
  bool is_first = true;
  cut_message({context_.rank, handler, payload.size(), 0, stream, 0}, payload,
              [&](std::span<const std::byte> fragment) {
                append_variable(fragment_handler, {dest, fragment});
                stats.payload_bytes -= sizeof(FragmentHeader);
                if (!std::exchange(is_first, false)) --stats.messages_sent;  // they are one message
              });
}

void Endpoint::publish_to_idle_engine() {
  const ActivityScope scope(Activity::buddy);
  // Behind blocks that wait for room, small pieces would only cost memory.
  if (sender_.overflowing() && (sender_.drain_overflow(), sender_.overflowing())) return;
  const bool asleep = outbox_.idle->load(std::memory_order_relaxed) ==
                      static_cast<std::uint32_t>(arena::Wakefulness::sleeping);
  switch (sender_.piece_for_idle_engine(asleep)) {
    case Sender::Piece::too_small: return;
    // A program that sends one message does not expect that others, or this very one, come back
    // and run inside the call.
    case Sender::Piece::lone: sender_.publish(Reason::idle); break;
    // A stream has to take in what arrives meanwhile.
    case Sender::Piece::stream: flush(Reason::idle); break;
  }
  if (!in_handler()) context_.engine_channel.flush_wakeups();
}

void Endpoint::flush(Reason reason) {
  const ActivityScope scope(Activity::buddy);
  // One block may be waiting since a poll(); it goes first, so that there is never a second one.
  if (!in_handler()) wait_for_room();
  sender_.publish(reason);
  if (in_handler()) return;
  context_.health.check();  // a program that only sends gets here once per block
  context_.engine_channel.step_while_sending();
  dispatcher_.keep_exceptions([this] { dispatcher_.run_arrived(); });
  wait_for_room();
}

void Endpoint::wait_for_room() {
  if (!sender_.overflowing()) return;
  ++context_.stats.room_waits;
  const StopWatch watch(context_.stats.room_wait_seconds);
  while (sender_.overflowing()) {
    dispatcher_.keep_exceptions([this] { wait_round(); });
  }
}

// ---- progress -------------------------------------------------------------------------------

std::size_t Endpoint::poll() {
  const ActivityScope scope(Activity::buddy);
  if (in_handler()) {
    sender_.publish(Reason::poll);
    return 0;
  }
  dispatcher_.throw_kept();
  const auto handled = [this] {
    return context_.counts.handled_records + context_.stats.messages_handled;
  };
  const std::uint64_t before = handled();
  sender_.allow_small_pieces();
  progress();
  context_.engine_channel.flush_wakeups();
  context_.engine_channel.busy();
  return handled() - before;
}

bool Endpoint::progress() {
  bool moved = sender_.publish_collected();
  moved = step() != 0 || moved;
  return dispatcher_.run_arrived() || moved;
}

std::uint32_t Endpoint::step() {
  if (++steps_ % steps_between_checks == 0) context_.health.check();
  return context_.engine_channel.step();
}

void Endpoint::wait_for_progress() {
  const ActivityScope scope(Activity::buddy);
  if (in_handler()) {
    throw Error(ErrorCode::invalid_argument,
                "a handler called something that waits (handlers run inside the wait of others) "
                "wait outside of handlers");
  }
  dispatcher_.throw_kept();
  const WaitScope whereabouts(context_.health.watch(), wire::Where::waiting, passed());
  wait_round();
}

void Endpoint::rest_unless(bool moved) {
  if (moved) {
    context_.engine_channel.busy();
    return;
  }
  context_.health.check();
  context_.engine_channel.flush_wakeups();
  rest();
}

void Endpoint::rest() {
  const ActivityScope scope(Activity::waiting);
  if (others_ && others_()) {
    context_.engine_channel.busy();
  } else {
    context_.engine_channel.rest();
  }
}

void Endpoint::end_with(const Status& why) noexcept {
  context_.health.end_with(why);
  sender_.discard();
}

void Endpoint::progress_without_handlers() {
  const bool moved = progress_without_running();
  context_.engine_channel.flush_wakeups();
  if (moved) {
    context_.engine_channel.busy();
  } else {
    context_.health.check();
  }
}

bool Endpoint::progress_without_running() {
  // Others may wait for what has been collected before they come to the collective.
  bool moved = sender_.publish_collected();
  moved = step() != 0 || moved;
  return dispatcher_.defer_arrived() || moved;
}

void Endpoint::progress_in_handler() {
  context_.engine_channel.step();
  context_.engine_channel.flush_wakeups();
  context_.health.check_without_frames();
}

// ---- barrier --------------------------------------------------------------------------------

template <class Step>
void Endpoint::pass_barrier(Step step) {
  const ActivityScope scope(Activity::buddy);
  const WaitScope whereabouts(context_.health.watch(), wire::Where::barrier, passed());
  barrier_.enter();
  std::optional<StopWatch> waiting;
  while (!barrier_.released()) {
    if (step()) {
      waiting.reset();
      context_.engine_channel.busy();
      continue;
    }
    context_.health.check();
    if (!barrier_.released() && sender_.empty() && barrier_.report()) continue;
    context_.engine_channel.flush_wakeups();
    if (!waiting) {
      ++context_.stats.barrier_waits;
      waiting.emplace(context_.stats.barrier_wait_seconds);
    }
    rest();
  }
  waiting.reset();
  barrier_.leave();
  while (!context_.engine_channel.needs_no_progress())
    rest_unless(context_.engine_channel.step() != 0);
}

void Endpoint::barrier() {
  if (in_handler()) wait_for_progress();  // throws
  if (dispatcher_.handlers_paused()) {
    throw Error(ErrorCode::invalid_argument,
                "barrier() while handlers are held back (messages that are not run would keep it "
                "waiting for ever) let them run first");
  }
  pass_barrier([this] {
    dispatcher_.throw_kept();
    return barrier_.run_callbacks() || progress();
  });
  ++context_.stats.barriers;
}

void Endpoint::phase_barrier() {
  barrier();
  // Everything has been handled, and nobody leaves before all have come here. Who has left may
  // send: that is deferred.
  pass_barrier([this] { return progress_without_running(); });
}

Stats Endpoint::stats() {
  Stats now = context_.stats;
  sender_.count_open_block(now);
  now.messages_handled += context_.counts.handled_records - at_start_.handled_records;
  now.blocks_received += context_.counts.consumed_frames - at_start_.consumed_frames;
  return now;
}

}  // namespace buddy::comm
