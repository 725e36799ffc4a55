// Endpoint: taking in, running handlers, waiting.
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "comm/bad_message.hpp"
#include "comm/endpoint.hpp"
#include "instrument/activity.hpp"

namespace buddy::comm {

using wire::Form;
using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::RunReader;

namespace {

/// Frames run between two looks at what is to be sent.
constexpr int frames_per_turn = 16;
/// Steps between two looks at everybody's health, of a rank that never finds nothing to do.
constexpr std::uint32_t steps_between_checks = 16;

/// Marks the time in which handlers run.
class HandlerScope {
 public:
  explicit HandlerScope(bool& flag) : flag_(flag) { flag_ = true; }
  HandlerScope(const HandlerScope&) = delete;
  HandlerScope& operator=(const HandlerScope&) = delete;
  ~HandlerScope() { flag_ = false; }

 private:
  bool& flag_;
};

}  // namespace

// ---- progress -------------------------------------------------------------------------------

std::size_t Endpoint::poll() {
  const ActivityScope scope(Activity::buddy);
  sync_from_outbox();
  if (*in_handler_) {
    publish(Reason::poll);
    return 0;
  }
  throw_kept();
  const std::uint64_t before = handled_records_ + stats_.messages_handled;
  smallest_piece_bytes_ = 0;
  progress();
  engine_channel_.flush_wakeups();
  engine_channel_.busy();
  return handled_records_ + stats_.messages_handled - before;
}

bool Endpoint::progress() {
  bool moved = drain_overflow();
  sync_from_outbox();
  if (overflow_.empty() && !builder_.empty()) {
    publish(Reason::poll);
    moved = true;
  }
  moved = step() != 0 || moved;
  return dispatch() || moved;
}

std::uint32_t Endpoint::step() {
  if (++steps_ % steps_between_checks == 0) check();
  return engine_channel_.step();
}

void Endpoint::wait_for_progress() {
  const ActivityScope scope(Activity::buddy);
  if (*in_handler_) {
    throw Error(ErrorCode::invalid_argument,
                "a handler called something that waits (handlers run inside the wait of others) "
                "wait outside of handlers");
  }
  throw_kept();
  const WaitScope whereabouts(watch_, wire::Where::waiting, passed_);
  wait_round();
}

void Endpoint::wait_round() {
  if (progress()) {
    engine_channel_.busy();
    return;
  }
  check();
  engine_channel_.flush_wakeups();
  rest();
}

void Endpoint::rest() {
  const ActivityScope scope(Activity::waiting);
  if (others_ && others_()) {
    engine_channel_.busy();
  } else {
    engine_channel_.rest();
  }
}

void Endpoint::check() {
  if (failure_.ok()) failure_ = engine_channel_.health();
  if (failure_.ok() && watch_ != nullptr && watch_->where() != wire::Where::elsewhere) {
    look_at_wait();
  }
  throw_if_error(failure_);
}

void Endpoint::look_at_wait() {
  const std::uint64_t moved = handled_records_ + consumed_frames_ + sent_records_ + passed_;
  Status status = watch_->look(coarse_ns(), moved, engine_channel_.channel());
  if (!status.ok()) fail(std::move(status));
}

void Endpoint::fail(Status why) {
  failure_ = std::move(why);
  if (engine_channel_.channel().try_push(FrameKind::failure, 0, wire::encode_failure(failure_)) ==
      wire::Push::ok) {
    // The program may go on without ever calling us again.
    for (int i = 0; i < 2; ++i)
      engine_channel_.step();  // it takes the frame, then tells the others
    engine_channel_.flush_wakeups();
  }
  throw Error(failure_.code(), failure_.message());
}

void Endpoint::end_with(const Status& why) noexcept {
  if (failure_.ok()) failure_ = why;
  builder_.clear();
  sync_to_outbox();
}

void Endpoint::throw_kept() {
  if (kept_.empty()) return;
  const std::exception_ptr oldest = std::move(kept_.front());
  kept_.pop_front();
  std::rethrow_exception(oldest);
}

void Endpoint::progress_without_handlers() {
  const bool moved = progress_without_running();
  engine_channel_.flush_wakeups();
  if (moved) {
    engine_channel_.busy();
  } else {
    check();
  }
}

bool Endpoint::progress_without_running() {
  bool moved = drain_overflow();
  sync_from_outbox();
  if (overflow_.empty() && !builder_.empty()) {
    publish(Reason::poll);  // others may wait for it before they come to the collective
    moved = true;
  }
  moved = step() != 0 || moved;
  return take_in_without_running() || moved;
}

void Endpoint::progress_in_handler() {
  engine_channel_.step();
  engine_channel_.flush_wakeups();
  check();
}

bool Endpoint::take_in_without_running() {
  bool moved = false;
  ++stats_.receive_attempts;
  Frame frame;
  for (;;) {
    const Peek peeked = engine_channel_.channel().peek(frame);
    if (peeked == Peek::empty) break;
    if (peeked == Peek::broken) channel_broken();
    if (frame.header.kind == FrameKind::final) {
      deferred_frames_.push_back({{frame.body.begin(), frame.body.end()}, frame.header.records});
    } else {
      take_control(frame);
    }
    engine_channel_.channel().release();
    moved = true;
  }
  throw_if_error(failure_);
  return moved;
}

void Endpoint::channel_broken() {
  check();
  fail(engine_channel_.channel().status());
}

// ---- running handlers -----------------------------------------------------------------------

bool Endpoint::dispatch_deferred() {
  const bool any = !deferred_frames_.empty();
  while (!deferred_frames_.empty()) {
    run_runs(deferred_frames_.front().body);
    deferred_frames_.pop_front();
  }
  return any;
}

bool Endpoint::dispatch() {
  if (handlers_paused_) return take_in_without_running();
  bool moved = dispatch_deferred();
  ++stats_.receive_attempts;
  Frame frame;
  for (int i = 0; i < frames_per_turn; ++i) {
    const Peek peeked = engine_channel_.channel().peek(frame);
    if (peeked == Peek::empty) break;
    if (peeked == Peek::broken) channel_broken();
    if (frame.header.kind == FrameKind::final) {
      run_runs(frame.body);
    } else {
      take_control(frame);
    }
    engine_channel_.channel().release();
    moved = true;
    if (!overflow_.empty()) drain_overflow();
  }
  throw_if_error(failure_);
  return moved;
}

void Endpoint::run_runs(std::span<const std::byte> body) {
  const ActivityScope scope(Activity::handlers);
  const RunningScope running(watch_);
  engine_channel_
      .busy();  // a handler may throw: whoever waits next must not think it has looked twice
  RunReader reader(body, Form::final);
  reader.seek(run_offset_);
  wire::Run run;
  for (;;) {
    const RunReader::Next next = reader.next(run);
    if (next == RunReader::Next::end) break;
    if (next == RunReader::Next::corrupt) corrupt("a run does not fit its block");
    if (run.header.item_bytes == wire::variable_items) {
      run_variable(run);
    } else {
      run_fixed(run);
    }
    run_offset_ = reader.position();
    item_ = 0;
  }
  run_offset_ = 0;
  ++consumed_frames_;
  stats_.received_bytes += body.size();
}

void Endpoint::run_fixed(const wire::Run& run) {
  const wire::RunHeader& header = run.header;
  if (!receiver_.accepts(header.handler, header.item_bytes)) corrupt("there is no such handler");
  if (item_ > header.count) corrupt("a run has become shorter");
  const std::uint32_t count = header.count - item_;
  const std::byte* items =
      run.items + std::size_t{item_} * wire::item_stride(header.item_bytes, Form::final);
  std::uint32_t done = 0;
  try {
    call_handlers([&] { receiver_.run_fixed(header.handler, items, count, done); });
  } catch (...) {
    item_ += done + 1;  // the one that threw has had its turn
    handled_records_ += done + 1;
    throw;
  }
  handled_records_ += count;
}

void Endpoint::run_variable(const wire::Run& run) {
  wire::ItemReader items(run, Form::final);
  wire::Item item;
  for (std::uint32_t i = 0; i < run.header.count; ++i) {
    if (!items.next(item)) corrupt("an item does not fit its run");
    if (i < item_) continue;  // handled before an exception
    ++item_;
    ++handled_records_;
    run_item(run.header.handler, item.payload);
  }
}

void Endpoint::run_item(std::uint32_t handler, std::span<const std::byte> payload) {
  if (handler == fragment_handler) {
    switch (reassembly_.add(payload)) {
      case Reassembly::Outcome::more: --stats_.messages_handled; return;
      case Reassembly::Outcome::corrupt: corrupt("a fragment is out of place");
      case Reassembly::Outcome::complete: break;
    }
    handler = reassembly_.handler();
    payload = reassembly_.message();
    if (payload.size() < wire::variable_items &&
        receiver_.accepts(handler, static_cast<std::uint32_t>(payload.size()))) {
      std::uint32_t done = 0;
      return call_handlers([&] { receiver_.run_fixed(handler, payload.data(), 1, done); });
    }
  }
  if (!receiver_.accepts(handler, wire::variable_items)) corrupt("there is no such handler");
  call_handlers([&] { receiver_.run_variable(handler, payload); });
}

template <class Call>
void Endpoint::call_handlers(Call call) {
  const HandlerScope scope(*in_handler_);
  try {
    call();
  } catch (const BadMessage& message) {
    fail({message.code(), "rank " + std::to_string(rank_) + ": " + message.what()});
  } catch (...) {
    handler_threw_ = true;
    throw;
  }
}

void Endpoint::take_control(const Frame& frame) {
  if (frame.header.kind == FrameKind::roll_answer) {
    if (watch_ == nullptr || watch_->hear(frame.body)) return;
  } else if (frame.header.kind == FrameKind::release) {
    if (const auto release = wire::read_control<wire::BarrierRelease>(frame.body)) {
      released_ = release->epoch;
      return;
    }
  } else if (frame.header.kind == FrameKind::failure) {
    if (failure_.ok()) failure_ = wire::decode_failure(frame.body);
    notified_by_engine_ = true;
    return;
  }
  corrupt("a control frame is damaged");
}

void Endpoint::corrupt(const char* what) {
  fail({ErrorCode::corrupt, "rank " + std::to_string(rank_) + " received bytes it cannot run (" +
                                what + ") check that all ranks run the same binary"});
}

// ---- barrier --------------------------------------------------------------------------------

bool Endpoint::run_callbacks() {
  const bool any = !callbacks_.empty();
  while (!callbacks_.empty()) {
    const std::function<void()> callback = std::move(callbacks_.front());
    callbacks_.pop_front();
    callback();
  }
  return any;
}

void Endpoint::report_to_barrier() {
  const wire::BarrierReport report{epoch_, sent_records_, handled_records_, consumed_frames_};
  const bool news = report.epoch != reported_.epoch || report.sent != reported_.sent ||
                    report.handled != reported_.handled ||
                    report.consumed_frames != reported_.consumed_frames;
  if (!news) return;
  if (engine_channel_.channel().try_push(FrameKind::report, 0, wire::bytes_of(report)) ==
      wire::Push::ok) {
    reported_ = report;
    engine_channel_.busy();
    engine_channel_.step();
  }
}

template <class Step>
void Endpoint::pass_barrier(Step step) {
  const ActivityScope scope(Activity::buddy);
  const WaitScope whereabouts(watch_, wire::Where::barrier, passed_);
  // Not one more than before: for everybody else, a barrier that a handler's exception interrupted
  // is still the same.
  epoch_ = passed_ + 1;
  std::optional<StopWatch> waiting;
  while (released_ < epoch_) {
    if (step()) {
      waiting.reset();
      engine_channel_.busy();
      continue;
    }
    check();
    sync_from_outbox();
    if (released_ < epoch_ && builder_.empty() && overflow_.empty()) {
      const wire::BarrierReport before = reported_;
      report_to_barrier();
      if (before.epoch != reported_.epoch || before.handled != reported_.handled) continue;
    }
    engine_channel_.flush_wakeups();
    if (!waiting) {
      ++stats_.barrier_waits;
      waiting.emplace(stats_.barrier_wait_seconds);
    }
    rest();
  }
  waiting.reset();
  ++passed_;
  while (!engine_channel_.needs_no_progress()) {
    if (engine_channel_.step() != 0) continue;
    check();
    engine_channel_.rest();
  }
}

void Endpoint::barrier() {
  if (*in_handler_) wait_for_progress();  // throws
  if (handlers_paused_) {
    throw Error(ErrorCode::invalid_argument,
                "barrier() while handlers are held back (messages that are not run would keep it "
                "waiting for ever) let them run first");
  }
  pass_barrier([this] {
    throw_kept();
    return run_callbacks() || progress();
  });
  ++stats_.barriers;
}

void Endpoint::phase_barrier() {
  barrier();
  // Everything has been handled, and nobody leaves before all have come here. Who has left may
  // send: that is set aside.
  pass_barrier([this] { return progress_without_running(); });
}

Stats Endpoint::stats() {
  sync_from_outbox();
  builder_.finish();
  sync_to_outbox();
  Stats now = stats_;
  now.messages_sent += builder_.records();
  now.payload_bytes += builder_.payload_bytes();
  now.messages_handled += handled_records_ - at_start_.handled_records;
  now.blocks_received = consumed_frames_ - at_start_.consumed_frames;
  return now;
}

}  // namespace buddy::comm
