#include "comm/endpoint/sender.hpp"

#include <algorithm>

#include "instrument/activity.hpp"

namespace buddy::comm {

using wire::Push;

namespace {

/// Pieces for an idle engine grow to this; publishing one then costs 1 or 2 ns a message.
constexpr std::size_t most_growth_bytes = 16384;
/// Less than this is a lone message, or a few.
constexpr std::size_t least_stream_bytes = 256;

}  // namespace

Sender::Sender(EndpointContext& context, detail::Outbox& outbox, const arena::Sizes& sizes,
               std::size_t most_collected_bytes)
    : context_(context), outbox_(outbox), block_memory_(arena::open_block_bytes(sizes)) {
  builder_.attach(block_memory_, wire::Form::routed, sizes.block_bytes);
  append_limit_ = builder_.cursor() + std::min(builder_.capacity(), most_collected_bytes);
  sync_to_outbox();
}

void Sender::see_all_messages() noexcept {
  sees_all_messages_ = true;
  sync_from_outbox();
  sync_to_outbox();
}

// ---- appending ------------------------------------------------------------------------------

bool Sender::collected_enough(std::size_t more_bytes) noexcept {
  return !block_empty() && builder_.cursor() + more_bytes > append_limit_;
}

std::byte* Sender::try_open_run(std::uint32_t handler, std::uint32_t item_bytes) noexcept {
  sync_from_outbox();
  const std::size_t stride = wire::item_stride(item_bytes, wire::Form::routed);
  const auto key = wire::BlockBuilder::key(handler, item_bytes);
  // The run may be open already: sent to several ranks, or the program is being checked.
  std::byte* item = builder_.try_extend(key, stride);
  if (item == nullptr && builder_.open_run(handler, item_bytes, stride)) {
    item = builder_.try_extend(key, stride);
  }
  sync_to_outbox();
  return item;
}

bool Sender::try_append(std::uint32_t handler, const wire::Item& item) noexcept {
  sync_from_outbox();
  const bool fits = builder_.append_variable(handler, item);
  sync_to_outbox();
  return fits;
}

// ---- publishing -----------------------------------------------------------------------------

void Sender::publish(Reason reason) {
  const ActivityScope scope(Activity::buddy);
  sync_from_outbox();
  const std::span<const std::byte> body = builder_.finish();
  sync_to_outbox();  // finishing has closed the run that the outbox knows
  if (body.empty()) return;
  count_block(reason);
  const std::uint64_t records = builder_.records();
  drain_overflow();  // it goes first, as soon as there is room
  bool taken = overflow_.empty() && try_push(body, records);
  if (!taken && *context_.in_handler && context_.engine_channel.step() != 0) {
    drain_overflow();
    taken = overflow_.empty() && try_push(body, records);
  }
  if (!taken) overflow(body, records);
  builder_.clear();
  sync_to_outbox();
}

bool Sender::publish_collected() {
  bool moved = drain_overflow();
  if (overflow_.empty() && !block_empty()) {
    publish(Reason::poll);
    moved = true;
  }
  return moved;
}

Sender::Piece Sender::piece_for_idle_engine(bool asleep) noexcept {
  sync_from_outbox();
  // A sleeping engine has been quiet for long: this message is a lone one. One that spins has just
  // taken the last piece: a stream of messages, which goes in pieces that grow.
  if (asleep) smallest_piece_bytes_ = 0;
  if (builder_.bytes() < smallest_piece_bytes_) return Piece::too_small;
  smallest_piece_bytes_ = std::min(2 * builder_.bytes(), most_growth_bytes);
  return builder_.bytes() < least_stream_bytes ? Piece::lone : Piece::stream;
}

void Sender::count_block(Reason reason) noexcept {
  Stats& stats = context_.stats;
  context_.counts.sent_records += builder_.records();
  stats.messages_sent += builder_.records();
  stats.payload_bytes += builder_.payload_bytes();
  ++stats.blocks_sent;
  stats.block_bytes += builder_.bytes();
  switch (reason) {
    case Reason::full: ++stats.flushes_full; break;
    case Reason::poll: ++stats.flushes_poll; break;
    case Reason::idle: ++stats.flushes_idle; break;
  }
}

void Sender::overflow(std::span<const std::byte> body, std::uint64_t records) {
  overflow_.push_back({{body.begin(), body.end()}, records});
  overflow_bytes_ += body.size();
  Stats& stats = context_.stats;
  ++stats.stalls;
  if (*context_.in_handler) ++stats.overflow_blocks;
  stats.overflow_peak_bytes = std::max(stats.overflow_peak_bytes, overflow_bytes_);
}

bool Sender::drain_overflow() {
  bool moved = false;
  while (!overflow_.empty() && try_push(overflow_.front().body, overflow_.front().records)) {
    overflow_bytes_ -= overflow_.front().body.size();
    overflow_.pop_front();
    moved = true;
  }
  return moved;
}

bool Sender::try_push(std::span<const std::byte> body, std::uint64_t records) {
  ++context_.stats.send_attempts;
  switch (context_.engine_channel.channel().try_push(wire::FrameKind::routed, records, body)) {
    case Push::ok: return true;
    case Push::full: return false;
    case Push::closed: break;
  }
  context_.health.check();
  context_.health.fail(
      {ErrorCode::peer_died, "the engine is gone (its link is closed) start the job again"});
}

void Sender::discard() noexcept {
  builder_.clear();
  sync_to_outbox();
}

void Sender::count_open_block(Stats& stats) noexcept {
  sync_from_outbox();
  builder_.finish();
  sync_to_outbox();
  stats.messages_sent += builder_.records();
  stats.payload_bytes += builder_.payload_bytes();
}

}  // namespace buddy::comm
