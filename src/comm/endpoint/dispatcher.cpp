#include "comm/endpoint/dispatcher.hpp"

#include <utility>

#include "comm/endpoint/bad_message.hpp"
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

// ---- frames ---------------------------------------------------------------------------------

Peek Dispatcher::peek(Frame& frame) {
  const Peek peeked = context_.engine_channel.channel().peek(frame);
  if (peeked == Peek::broken) {
    context_.health.check();
    context_.health.fail(context_.engine_channel.channel().status());
  }
  return peeked;
}

bool Dispatcher::run_arrived() {
  if (handlers_paused_) return defer_arrived();
  bool moved = run_deferred();
  ++context_.stats.receive_attempts;
  Frame frame;
  for (int i = 0; i < frames_per_turn && peek(frame) == Peek::ready; ++i) {
    if (frame.header.kind == FrameKind::final) {
      run_frame(frame.body);
    } else {
      take_control(frame);
    }
    context_.engine_channel.channel().release();
    moved = true;
    if (sender_.overflowing()) sender_.drain_overflow();
  }
  context_.health.throw_if_failed();
  return moved;
}

bool Dispatcher::run_deferred() {
  const bool any = !deferred_frames_.empty();
  while (!deferred_frames_.empty()) {
    run_frame(deferred_frames_.front());
    deferred_frames_.pop_front();
  }
  return any;
}

bool Dispatcher::defer_arrived() {
  bool moved = false;
  ++context_.stats.receive_attempts;
  Frame frame;
  while (peek(frame) == Peek::ready) {
    if (frame.header.kind == FrameKind::final) {
      deferred_frames_.emplace_back(frame.body.begin(), frame.body.end());
    } else {
      take_control(frame);
    }
    context_.engine_channel.channel().release();
    moved = true;
  }
  context_.health.throw_if_failed();
  return moved;
}

void Dispatcher::take_control(const Frame& frame) {
  if (frame.header.kind == FrameKind::roll_answer) {
    WaitWatch* watch = context_.health.watch();
    if (watch == nullptr || watch->hear(frame.body)) return;
  } else if (frame.header.kind == FrameKind::release) {
    if (const auto release = wire::read_control<wire::BarrierRelease>(frame.body)) {
      barrier_.hear_release(release->epoch);
      return;
    }
  } else if (frame.header.kind == FrameKind::failure) {
    context_.health.hear_failure(wire::decode_failure(frame.body));
    return;
  }
  corrupt("a control frame is damaged");
}

void Dispatcher::corrupt(const char* what) {
  context_.health.fail({ErrorCode::corrupt, "rank " + std::to_string(context_.rank) +
                                                " received bytes it cannot run (" + what +
                                                ") check that all ranks run the same binary"});
}

// ---- handlers -------------------------------------------------------------------------------

void Dispatcher::run_frame(std::span<const std::byte> body) {
  const ActivityScope scope(Activity::handlers);
  const RunningScope running(context_.health.watch());
  // A handler may throw: whoever waits next must not think it has looked twice.
  context_.engine_channel.busy();
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
  ++context_.counts.consumed_frames;
  context_.stats.received_bytes += body.size();
}

void Dispatcher::run_fixed(const wire::Run& run) {
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
    context_.counts.handled_records += done + 1;
    throw;
  }
  context_.counts.handled_records += count;
}

void Dispatcher::run_variable(const wire::Run& run) {
  wire::ItemReader items(run, Form::final);
  wire::Item item;
  for (std::uint32_t i = 0; i < run.header.count; ++i) {
    if (!items.next(item)) corrupt("an item does not fit its run");
    if (i < item_) continue;  // handled before an exception
    ++item_;
    ++context_.counts.handled_records;
    run_item(run.header.handler, item.payload);
  }
}

void Dispatcher::run_item(std::uint32_t handler, std::span<const std::byte> payload) {
  if (handler == fragment_handler) {
    switch (reassembly_.add(payload)) {
      case Reassembly::Outcome::more: --context_.stats.messages_handled; return;
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
void Dispatcher::call_handlers(Call call) {
  const HandlerScope scope(*context_.in_handler);
  try {
    call();
  } catch (const BadMessage& message) {
    context_.health.fail(
        {message.code(), "rank " + std::to_string(context_.rank) + ": " + message.what()});
  } catch (...) {
    handler_threw_ = true;
    throw;
  }
}

void Dispatcher::throw_kept() {
  if (kept_.empty()) return;
  const std::exception_ptr oldest = std::move(kept_.front());
  kept_.pop_front();
  std::rethrow_exception(oldest);
}

}  // namespace buddy::comm
