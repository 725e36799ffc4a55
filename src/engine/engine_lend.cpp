// Engine: what it spares a rank that steps it. Messages are routed from the rank's own block, and
// run where the router or a peer has put them: two copies less (docs/design/route.md).
#include <utility>

#include "base/contract.hpp"
#include "engine/engine.hpp"

namespace buddy::engine {

using wire::Form;
using wire::Frame;
using wire::FrameKind;
using wire::Peek;

void Engine::start_lending() {
  BUDDY_EXPECT(local_.size() == 1);
  if (trace_.on()) return;  // a trace shows an engine that has a process of its own
  second_memory_.resize(open_memory_.size());
  spare_memory_ = second_memory_;
  lends_ = true;
}

bool Engine::route_in_place(std::span<const std::byte> body) noexcept {
  if (!lends_ || !status_.ok()) return false;
  Source& rank = sources_[own_block];
  Frame earlier;
  if (rank.channel->peek(earlier) != Peek::empty) return false;  // it goes first
  switch (router_->route(body, hop_limit(own_block), rank.state->cursor)) {
    case Router::Outcome::done: break;
    case Router::Outcome::blocked: return false;  // the cursor is for the same body in the link
    case Router::Outcome::corrupt: reject(own_block, "a record is damaged"); break;
  }
  count(Counter::frames_in);
  count(Counter::bytes_in, body.size());
  rank.state->cursor = {};
  return true;
}

Peek Engine::lend(Frame& frame) noexcept {
  if (lent_ != nothing_lent) {
    frame = lent_frame_;
    return Peek::ready;
  }
  if (!lends_ || !status_.ok()) return Peek::empty;
  if (lend_block(frame)) return Peek::ready;
  const auto sources = static_cast<std::uint32_t>(sources_.size());
  for (std::uint32_t i = 1; i < sources; ++i) {
    const std::uint32_t source = next_lender_;
    next_lender_ = next_lender_ + 1 < sources ? next_lender_ + 1 : 1;
    if (lend_from_peer(source, frame)) return Peek::ready;
  }
  return Peek::empty;
}

bool Engine::lend_block(Frame& frame) noexcept {
  wire::BlockBuilder& block = blocks_[own_block];
  if (block.empty()) return false;
  const std::span<const std::byte> body = block.finish();
  const std::uint64_t records = block.records();
  if (body.empty()) {  // a run was opened for items that then had to wait
    block.clear();
    return false;
  }
  std::swap(open_memory_, spare_memory_);
  block.attach(open_memory_, Form::final, block_bytes_);
  count(Counter::flushes_idle);
  lent_ = own_block;
  lent_frame_ = {{static_cast<std::uint32_t>(body.size()), FrameKind::final, 0, records}, body};
  count(Counter::frames_out);
  count(Counter::bytes_out, body.size());
  ++local_[own_block].pushed_frames;
  frame = lent_frame_;
  return true;
}

bool Engine::lend_from_peer(std::uint32_t source, Frame& frame) noexcept {
  Source& peer = sources_[source];
  if (peer.state->closed) return false;
  const Peek peeked = peer.channel->peek(frame);
  if (peeked != Peek::ready || frame.header.kind != FrameKind::final) return false;  // poll()'s
  const std::int64_t messages = wire::count_messages(frame.body, Form::final);
  if (messages < 0) {
    reject(source, "a record is damaged");
    return false;
  }
  frame.header.records = static_cast<std::uint64_t>(messages);
  lent_ = source;
  lent_frame_ = frame;
  count(Counter::frames_in);
  count(Counter::bytes_in, frame.body.size());
  count(Counter::frames_out);
  count(Counter::bytes_out, frame.body.size());
  count(Counter::records_routed, frame.header.records);
  ++local_[own_block].pushed_frames;
  return true;
}

void Engine::take_back() noexcept {
  BUDDY_EXPECT(lent_ != nothing_lent);
  // The block is the spare one since it was lent.
  if (lent_ != own_block) sources_[lent_].channel->release();
  lent_ = nothing_lent;
}

}  // namespace buddy::engine
