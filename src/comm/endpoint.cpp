#include "comm/endpoint.hpp"

#include <algorithm>
#include <utility>

#include "arena/doorbell.hpp"
#include "instrument/activity.hpp"

namespace buddy::comm {

using wire::FrameKind;
using wire::Item;
using wire::Push;

namespace {

/// Blocks of fragments: payload per fragment.
constexpr std::size_t fragment_bytes = arena::max_item_bytes - sizeof(FragmentHeader);
/// Pieces for an idle engine grow to this; handing one on then costs 1 or 2 ns a message.
constexpr std::size_t most_growth_bytes = 16384;
/// Less than this is a lone message, or a few.
constexpr std::size_t least_stream_bytes = 256;

}  // namespace

Endpoint::Endpoint(std::uint32_t rank, detail::Outbox& outbox, EngineChannel& engine_channel,
                   Receiver& receiver, const arena::Sizes& sizes, std::size_t most_collected_bytes,
                   const EndpointCounts& counts)
    : rank_(rank),
      outbox_(outbox),
      engine_channel_(engine_channel),
      receiver_(receiver),
      block_memory_(arena::open_block_bytes(sizes)),
      at_start_(counts),
      sent_records_(counts.sent_records),
      handled_records_(counts.handled_records),
      consumed_frames_(counts.consumed_frames),
      epoch_(counts.barriers),
      released_(counts.barriers),
      passed_(counts.barriers),
      reported_{epoch_, sent_records_, handled_records_, consumed_frames_} {
  builder_.attach(block_memory_, wire::Form::routed);
  append_limit_ = builder_.cursor() + std::min(builder_.capacity(), most_collected_bytes);
  sync_to_outbox();
}

// ---- sending --------------------------------------------------------------------------------

std::byte* Endpoint::open_run(std::uint32_t handler, std::uint32_t item_bytes) {
  throw_if_error(failure_);
  sync_from_outbox();
  const std::size_t stride = wire::item_stride(item_bytes, wire::Form::routed);
  if (collected_enough(stride)) flush(Reason::full);
  const auto key = wire::BlockBuilder::key(handler, item_bytes);
  if (std::byte* item = builder_.try_extend(key, stride)) {  // sent to several, or being checked
    sync_to_outbox();
    return item;
  }
  while (!builder_.open_run(handler, item_bytes, stride)) flush(Reason::full);
  std::byte* item = builder_.try_extend(key, stride);
  sync_to_outbox();
  return item;
}

void Endpoint::send(std::uint32_t dest, std::uint32_t handler, bool is_fixed,
                    std::span<const std::byte> payload) {
  throw_if_error(failure_);
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

void Endpoint::append_variable(std::uint32_t handler, const Item& item) {
  sync_from_outbox();
  if (collected_enough(item.payload.size())) flush(Reason::full);
  while (!builder_.append_variable(handler, item)) flush(Reason::full);
  sync_to_outbox();
}

void Endpoint::send_fragments(std::uint32_t dest, std::uint32_t handler,
                              std::span<const std::byte> payload) {
  std::vector<std::byte> piece(arena::max_item_bytes);
  const std::uint32_t stream = *in_handler_ ? 1 : 0;
  for (std::size_t offset = 0; offset < payload.size(); offset += fragment_bytes) {
    const std::size_t size = std::min(fragment_bytes, payload.size() - offset);
    wire::store(piece.data(), FragmentHeader{rank_, handler, payload.size(), offset, stream, 0});
    std::memcpy(piece.data() + sizeof(FragmentHeader), payload.data() + offset, size);
    append_variable(fragment_handler,
                    {dest, std::span(piece).subspan(0, sizeof(FragmentHeader) + size)});
    stats_.payload_bytes -= sizeof(FragmentHeader);
    if (offset != 0) --stats_.messages_sent;  // the fragments are one message
  }
}

void Endpoint::publish_to_idle_engine() {
  const ActivityScope scope(Activity::buddy);
  sync_from_outbox();
  // Behind blocks that wait for room, small pieces would only cost memory.
  if (!overflow_.empty() && (drain_overflow(), !overflow_.empty())) return;
  // A sleeping engine has been quiet for long: this message is a lone one. One that spins has just
  // taken the last piece: a stream of messages, which goes in pieces that grow.
  const bool asleep = outbox_.idle->load(std::memory_order_relaxed) ==
                      static_cast<std::uint32_t>(arena::Wakefulness::sleeping);
  if (asleep) smallest_piece_bytes_ = 0;
  if (builder_.bytes() < smallest_piece_bytes_) return;
  smallest_piece_bytes_ = std::min(2 * builder_.bytes(), most_growth_bytes);
  // A lone message is only published: a program that sends one does not expect that others, or this
  // very one, come back and run inside the call. A stream has to take in what arrives meanwhile.
  if (builder_.bytes() < least_stream_bytes) {
    publish(Reason::idle);
  } else {
    flush(Reason::idle);
  }
  if (!*in_handler_) engine_channel_.flush_wakeups();
}

void Endpoint::publish(Reason reason) {
  const ActivityScope scope(Activity::buddy);
  const std::span<const std::byte> body = builder_.finish();
  sync_to_outbox();  // finishing has closed the run that the outbox knows
  if (body.empty()) return;
  count_block(reason);
  const std::uint64_t records = builder_.records();
  drain_overflow();  // what a handler has set aside goes first, as soon as there is room
  bool taken = overflow_.empty() && try_push(body, records);
  if (!taken && *in_handler_ && engine_channel_.step() != 0) {
    drain_overflow();
    taken = overflow_.empty() && try_push(body, records);
  }
  if (!taken) push_overflow(body, records);
  builder_.clear();
  sync_to_outbox();
}

void Endpoint::flush(Reason reason) {
  const ActivityScope scope(Activity::buddy);
  if (!*in_handler_) {
    // One block may be waiting since a poll(); it goes first, so that there is never a second one.
    // Handlers that run meanwhile append where the outbox says.
    sync_to_outbox();
    wait_for_room();
    sync_from_outbox();
  }
  publish(reason);
  if (*in_handler_) return;
  check();  // a program that only sends gets here once per block
  // Handlers that run now append to the (empty) block through the outbox.
  engine_channel_.step();
  keep_exceptions([this] { dispatch(); });
  wait_for_room();
  sync_from_outbox();
}

void Endpoint::wait_for_room() {
  if (overflow_.empty()) return;
  ++stats_.room_waits;
  const StopWatch watch(stats_.room_wait_seconds);
  while (!overflow_.empty()) keep_exceptions([this] { wait_round(); });
}

template <class Step>
void Endpoint::keep_exceptions(Step step) {
  handler_threw_ = false;
  try {
    step();
  } catch (...) {
    if (!handler_threw_) throw;
    kept_.push_back(std::current_exception());
  }
}

void Endpoint::count_block(Reason reason) {
  sent_records_ += builder_.records();
  stats_.messages_sent += builder_.records();
  stats_.payload_bytes += builder_.payload_bytes();
  ++stats_.blocks_sent;
  stats_.block_bytes += builder_.bytes();
  switch (reason) {
    case Reason::full: ++stats_.flushes_full; break;
    case Reason::poll: ++stats_.flushes_poll; break;
    case Reason::idle: ++stats_.flushes_idle; break;
  }
}

void Endpoint::push_overflow(std::span<const std::byte> body, std::uint64_t records) {
  overflow_.push_back({{body.begin(), body.end()}, records});
  overflow_bytes_ += body.size();
  ++stats_.stalls;
  if (*in_handler_) ++stats_.overflow_blocks;
  stats_.overflow_peak_bytes = std::max(stats_.overflow_peak_bytes, overflow_bytes_);
}

bool Endpoint::drain_overflow() {
  bool moved = false;
  while (!overflow_.empty() && try_push(overflow_.front().body, overflow_.front().records)) {
    overflow_bytes_ -= overflow_.front().body.size();
    overflow_.pop_front();
    moved = true;
  }
  return moved;
}

bool Endpoint::try_push(std::span<const std::byte> body, std::uint64_t records) {
  ++stats_.send_attempts;
  switch (engine_channel_.channel().try_push(FrameKind::routed, records, body)) {
    case Push::ok: return true;
    case Push::full: return false;
    case Push::closed: break;
  }
  check();
  fail({ErrorCode::peer_died, "the engine is gone (its link is closed) start the job again"});
}

}  // namespace buddy::comm
