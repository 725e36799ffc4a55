#include "engine/engine.hpp"

#include <algorithm>
#include <new>
#include <string>

#include "base/clock.hpp"
#include "base/contract.hpp"
#include "wire/control.hpp"
#include "wire/engine_counters.hpp"

namespace buddy::engine {

using wire::Form;
using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

namespace {

/// Frames taken from one source before the next one gets its turn.
constexpr std::uint32_t frames_per_turn = 8;
/// Polls without input after which a block is sent although its hop has unread frames.
constexpr std::uint32_t most_waited_polls = 32;
/// Hops whose blocks are looked at in a poll that took in messages: others may follow.
constexpr std::uint32_t hops_per_busy_poll = 2;

/// Every hop could be a local rank: a few bytes more than needed, and one number to size it by.
std::size_t state_bytes(std::size_t hops) {
  return sizeof(EngineState) +
         hops * (sizeof(SourceState) + sizeof(LocalState) + sizeof(wire::BlockBuilder));
}

/// Makes a T at the start of \p memory, and takes it off.
template <class T>
T* place(std::span<std::byte>& memory, std::size_t count) {
  static_assert(alignof(T) == 64);
  auto* const first = new (memory.data()) T[count];
  memory = memory.subspan(count * sizeof(T));
  return first;
}

}  // namespace

std::size_t engine_arena_bytes(std::size_t hops, const arena::Sizes& sizes) {
  return state_bytes(hops) + hops * arena::open_block_bytes(sizes);
}

Engine::Engine(std::shared_ptr<const wire::JobMap> map, AgentId self, Resources resources,
               const arena::Sizes& sizes)
    : map_(std::move(map)),
      routes_(*map_),
      self_(self),
      local_ranks_(map_->ranks_of(self)),
      around_(std::move(resources)),
      memory_(around_.arena),
      state_(*place<EngineState>(memory_, 1)),
      block_bytes_(sizes.block_bytes),
      quiescence_(self, routes_, state_.quiescence),
      trace_(around_.trace, around_.links.size() + around_.peers.size()),
      hold_ns_(sizes.hold_ns) {
  BUDDY_EXPECT(around_.links.size() == local_ranks_.size());
  for (transport::Channel* link : around_.links) sources_.push_back({link, {}, nullptr});
  add_peers();
  const std::size_t hops = sources_.size();
  BUDDY_EXPECT(around_.arena.size() >= engine_arena_bytes(hops, sizes));
  const std::size_t locals = local_ranks_.size();
  local_ = {place<LocalState>(memory_, locals), locals};
  auto* const states = place<SourceState>(memory_, hops);
  for (std::size_t hop = 0; hop < hops; ++hop) sources_[hop].state = states + hop;
  std::vector<std::uint32_t> hop_of_rank = hops_of_ranks();
  make_blocks(sizes, hop_of_rank);
  if (hold_ns_ != 0) held_since_ns_.resize(hops, 0);
  router_ =
      std::make_unique<Router>(blocks_, std::move(hop_of_rank), static_cast<BlockSink&>(*this));
}

void Engine::add_peers() {
  const std::vector<AgentId> peers = routes_.neighbours(self_);
  BUDDY_EXPECT(around_.peers.size() == peers.size());
  first_across_ = static_cast<std::uint32_t>(sources_.size());
  for (std::size_t i = 0; i < peers.size(); ++i) {
    source_of_agent_[peers[i].value] = static_cast<std::uint32_t>(sources_.size());
    sources_.push_back({around_.peers[i], peers[i], nullptr});
    if (routes_.along(self_, peers[i])) ++first_across_;
  }
}

std::vector<std::uint32_t> Engine::hops_of_ranks() const {
  std::vector<std::uint32_t> hop_of_agent(map_->agents(), 0);
  for (std::uint32_t agent = 0; agent < map_->agents(); ++agent) {
    if (agent != self_.value) hop_of_agent[agent] = hop_to({agent});
  }
  std::vector<std::uint32_t> hops;
  hops.reserve(map_->ranks());
  for (const std::uint32_t agent : map_->agent_of_rank) hops.push_back(hop_of_agent[agent]);
  for (std::uint32_t i = 0; i < local_ranks_.size(); ++i) hops[local_ranks_[i].value] = i;
  return hops;
}

/// Where only the rank at the other end is behind a hop, items need no destination any more.
void Engine::make_blocks(const arena::Sizes& sizes, const std::vector<std::uint32_t>& hop_of_rank) {
  const std::size_t hops = sources_.size();
  blocks_ = {place<wire::BlockBuilder>(memory_, hops), hops};
  std::vector<std::uint32_t> ranks_behind(hops, 0);
  std::vector<bool> leads_on(hops, false);
  for (std::uint32_t rank = 0; rank < hop_of_rank.size(); ++rank) {
    const std::uint32_t hop = hop_of_rank[rank];
    ++ranks_behind[hop];
    if (!is_link(hop) && map_->agent_of({rank}) != sources_[hop].peer) leads_on[hop] = true;
  }
  for (std::size_t hop = 0; hop < hops; ++hop) {
    const bool last = ranks_behind[hop] == 1 && !leads_on[hop];
    const std::span<std::byte> buffer = memory_.first(arena::open_block_bytes(sizes));
    if (hop == own_block) open_memory_ = buffer;
    blocks_[hop].attach(buffer, last ? Form::final : Form::routed, block_bytes_);
    memory_ = memory_.subspan(arena::open_block_bytes(sizes));
  }
}

std::uint32_t Engine::poll() noexcept {
  count(Counter::polls);
  std::uint32_t work = 0;
  for (transport::Transport* transport : around_.transports) {
    const std::uint32_t moved = transport->progress();
    if (moved != 0) count(Counter::rejected_frames, transport->take_unauthenticated());
    work += moved;
  }
  saw_input_ = false;
  for (std::uint32_t source = 0; source < sources_.size(); ++source) work += take_in(source);
  if (!status_.ok()) return work + spread_failure();
  bool took_some = false;
  if (const std::uint64_t routed = router_->take_routed(); routed != 0) {
    count(Counter::records_routed, routed);
    work += static_cast<std::uint32_t>(routed);
    took_some = may_hold_;
  }
  if (hold_ns_ != 0) [[unlikely]] {
    work += flush_by_time();
  } else if (saw_input_) {
    waited_polls_ = 0;
  } else {
    const auto all = static_cast<std::uint32_t>(blocks_.size());
    work += flush_idle(took_some ? std::min(hops_per_busy_poll, all) : all);
  }
  work += detect_quiescence();
  if (closing_) [[unlikely]]
    work += say_goodbye();
  return work;
}

void Engine::flush_wakeups() noexcept {
  for (const Source& source : sources_) source.channel->flush_wakeups();
}

bool Engine::needs_no_progress() noexcept {
  for (std::size_t hop = local_.size(); hop < blocks_.size(); ++hop) {
    if (!blocks_[hop].empty()) return false;
  }
  return std::all_of(sources_.begin(), sources_.end(),
                     [](const Source& source) { return source.channel->needs_no_progress(); });
}

// ---- intake ---------------------------------------------------------------------------------

std::uint32_t Engine::take_in(std::uint32_t source) noexcept {
  if (sources_[source].state->closed) return 0;
  std::uint32_t frames = 0;
  while (frames < frames_per_turn) {
    const Taken taken = take_frame(source);
    if (taken != Taken::frame) return frames;
    ++frames;
  }
  saw_input_ = true;  // there may be more
  return frames;
}

Engine::Taken Engine::take_frame(std::uint32_t source) noexcept {
  Source& from = sources_[source];
  Frame frame;
  const Peek peeked = from.channel->peek(frame);
  if (peeked == Peek::empty) return Taken::nothing;
  if (peeked == Peek::broken) {
    neighbour_broken(source);
    return Taken::nothing;
  }
  if (waits_to_be_lent(source, frame)) return Taken::nothing;
  if (trace_.on()) [[unlikely]] {
    trace_.peeked(source, is_link(source), frame);
  }
  Taken taken = Taken::frame;
  if (!status_.ok() && frame.header.kind != FrameKind::goodbye) {
    // After a failure frames are only taken so that nobody waits for room.
  } else if (frame.header.kind == FrameKind::routed || frame.header.kind == FrameKind::final) {
    taken = take_data(source, frame);
  } else {
    take_control(source, frame);
  }
  if (taken != Taken::frame) return taken;
  count(Counter::frames_in);
  count(Counter::bytes_in, frame.body.size());
  from.state->cursor = {};
  if (trace_.on()) [[unlikely]] {
    trace_.released(source);
  }
  from.channel->release();
  return from.state->closed ? Taken::nothing : Taken::frame;
}

Engine::Taken Engine::take_data(std::uint32_t source, const Frame& frame) noexcept {
  if (frame.header.kind == FrameKind::final) return pass_through(source, frame);
  RouteCursor& cursor = sources_[source].state->cursor;
  const auto outcome = router_->route(frame.body, hop_limit(source), cursor);
  if (trace_.on()) [[unlikely]] {
    trace_.appended(blocks_);
  }
  switch (outcome) {
    case Router::Outcome::done:
      if (is_across(source)) {
        count(Counter::records_forwarded,
              router_->count_beyond(frame.body, static_cast<std::uint32_t>(local_.size())));
      }
      return Taken::frame;
    case Router::Outcome::blocked: return Taken::blocked;
    case Router::Outcome::corrupt: break;
  }
  reject(source, "a record is damaged");
  return Taken::frame;
}

Engine::Taken Engine::pass_through(std::uint32_t source, const Frame& frame) noexcept {
  if (is_link(source) || local_.size() != 1) {
    reject(source, "a block lacks destinations");
    return Taken::frame;
  }
  const std::int64_t messages = wire::count_messages(frame.body, Form::final);
  if (messages < 0) {
    reject(source, "a record is damaged");
    return Taken::frame;
  }
  const Push pushed = push(0, FrameKind::final, static_cast<std::uint64_t>(messages), frame.body);
  if (pushed == Push::full) {
    count(Counter::stalls);
    return Taken::blocked;
  }
  if (pushed == Push::ok) {
    ++local_[0].pushed_frames;
    count(Counter::frames_out);
    count(Counter::bytes_out, frame.body.size());
    count(Counter::records_routed, static_cast<std::uint64_t>(messages));
  }
  return Taken::frame;
}

void Engine::take_control(std::uint32_t source, const Frame& frame) noexcept {
  switch (frame.header.kind) {
    case FrameKind::report:
      if (const auto report = wire::read_control<wire::BarrierReport>(frame.body);
          report && is_link(source)) {
        local_[source].report = *report;
        note_place(source, wire::Where::barrier);
        return;
      }
      break;
    case FrameKind::wave:
      if (const auto message = wire::read_control<wire::WaveMessage>(frame.body);
          message && !is_link(source) && quiescence_.receive(sources_[source].peer, *message)) {
        return;
      }
      break;
    case FrameKind::roll_call:
      if (take_roll_call(source, frame)) return;
      break;
    case FrameKind::roll_answer:
      if (take_roll_answer(source, frame)) return;
      break;
    case FrameKind::failure:
      if (const auto reason = wire::read_failure(frame.body)) {
        sources_[source].state->told = 1;
        return fail(*reason);
      }
      break;
    case FrameKind::goodbye: sources_[source].state->closed = 1; return;
    default: break;
  }
  reject(source, "a control frame is damaged or out of place");
}

std::string Engine::name_of(std::uint32_t source) const {
  if (is_link(source)) return "rank " + std::to_string(local_ranks_[source].value);
  const AgentId peer = sources_[source].peer;
  return "engine " + std::to_string(peer.value) + " of node " +
         std::to_string(map_->node_of(peer).value);
}

void Engine::reject(std::uint32_t source, const char* what) noexcept {
  count(Counter::rejected_frames);
  sources_[source].state->closed = 1;
  fail({ErrorCode::corrupt,
        name_of(source) + " was disconnected (" + what + ") check that program's memory accesses"});
}

void Engine::neighbour_broken(std::uint32_t source) noexcept {
  const Status reason = sources_[source].channel->status();
  sources_[source].state->closed = 1;
  if (reason.code() == ErrorCode::corrupt) {
    count(Counter::rejected_frames);
    return fail({reason.code(), name_of(source) + " was disconnected: " + reason.message()});
  }
  fail(reason);
}

// ---- output ---------------------------------------------------------------------------------

Push Engine::push(std::uint32_t hop, FrameKind kind, std::uint64_t records,
                  std::span<const std::byte> body) noexcept {
  transport::Channel& channel = *sources_[hop].channel;
  const Push pushed = channel.try_push(kind, records, body);
  if (trace_.on() && pushed == Push::ok) [[unlikely]] {
    trace_.pushed(channel);
  }
  return pushed;
}

bool Engine::flush_full(std::uint32_t hop) noexcept { return flush(hop, Counter::flushes_full); }

bool Engine::flush(std::uint32_t hop, Counter reason) noexcept {
  wire::BlockBuilder& block = blocks_[hop];
  const std::span<const std::byte> body = block.finish();
  const FrameKind kind = block.form() == Form::final ? FrameKind::final : FrameKind::routed;
  const Push pushed = sources_[hop].channel->try_push(kind, block.records(), body);
  if (pushed == Push::full) {
    count(Counter::stalls);
    return false;
  }
  if (pushed == Push::ok) {
    if (trace_.on()) [[unlikely]] {
      trace_.flushed(hop, body, *sources_[hop].channel);
    }
    count(reason);
    count(Counter::frames_out);
    count(Counter::bytes_out, body.size());
    if (is_link(hop)) {
      ++local_[hop].pushed_frames;
    } else {
      count_sent(hop, body.size(), block);
    }
  }
  block.clear();  // also towards a hop that is gone: its loss is reported when its channel is read
  if (!held_since_ns_.empty()) held_since_ns_[hop] = 0;
  return true;
}

void Engine::count_sent(std::uint32_t hop, std::size_t body_bytes,
                        const wire::BlockBuilder& block) noexcept {
  count(is_across(hop) ? Counter::records_across : Counter::records_along, block.records());
  if (map_->node_of(sources_[hop].peer) == map_->node_of(self_)) return;
  count(Counter::wire_bytes, body_bytes + sizeof(wire::FrameHeader));
  count(Counter::remote_payload_bytes, block.payload_bytes());
}

Engine::Idle Engine::flush_if_idle(std::uint32_t hop, bool patient) noexcept {
  if (blocks_[hop].empty() || (lends_ && hop == own_block)) return Idle::empty;
  if (blocks_[hop].finish().empty()) {  // a run was opened for items that then had to wait
    blocks_[hop].clear();
    if (!held_since_ns_.empty()) held_since_ns_[hop] = 0;
    return Idle::empty;
  }
  const bool small = blocks_[hop].bytes() <= urgent_bytes;
  if (patient && !small && !sources_[hop].channel->drained()) return Idle::held;
  return flush(hop, Counter::flushes_idle) ? Idle::sent : Idle::refused;
}

std::uint32_t Engine::flush_idle(std::uint32_t hops) noexcept {
  std::uint32_t work = 0;
  bool holding = false;
  const bool patient = waited_polls_ < most_waited_polls;
  for (std::uint32_t i = 0; i < hops; ++i) {
    const Idle done = flush_if_idle(next_idle_hop_, patient);
    if (done == Idle::sent || done == Idle::held) ++work;
    // Also when the hop is full: then waiting for its neighbour is no work.
    if (done == Idle::held || done == Idle::refused) holding = true;
    next_idle_hop_ = next_idle_hop_ + 1 < blocks_.size() ? next_idle_hop_ + 1 : 0;
  }
  waited_polls_ = holding ? std::min(waited_polls_ + 1, most_waited_polls) : 0;
  return work;
}

// ---- quiescence -----------------------------------------------------------------------------

bool Engine::locals_ready(Totals& totals) noexcept {
  for (std::size_t i = 0; i < local_.size(); ++i) {
    const LocalState& rank = local_[i];
    const bool true_still = rank.report.epoch == state_.epoch + 1 && blocks_[i].empty() &&
                            rank.report.consumed_frames == rank.pushed_frames;
    if (!true_still) return false;
    totals.sent += rank.report.sent;
    totals.handled += rank.report.handled;
  }
  return true;
}

std::uint32_t Engine::detect_quiescence() noexcept {
  std::uint32_t work = 0;
  for (;;) {
    if (!quiescence_.in_wave()) {
      Totals mine;
      if (!locals_ready(mine)) break;
      quiescence_.contribute(mine);
    }
    while (const auto send = quiescence_.pending()) {
      const std::uint32_t to = source_of_agent_.at(send->to.value);
      if (push(to, FrameKind::wave, 0, wire::bytes_of(send->message)) == Push::full) {
        return work;
      }
      quiescence_.sent();
      ++work;
    }
    bool quiescent = false;
    if (!quiescence_.finished(quiescent)) break;
    count(Counter::waves);
    ++work;
    if (!quiescent) break;  // look for frames before the next wave
    ++state_.epoch;
    count(Counter::barriers);
  }
  return work + release_ranks();
}

std::uint32_t Engine::release_ranks() noexcept {
  std::uint32_t work = 0;
  const wire::BarrierRelease release{state_.epoch};
  for (std::size_t i = 0; i < local_.size(); ++i) {
    if (local_[i].released == state_.epoch) continue;
    const auto hop = static_cast<std::uint32_t>(i);
    if (!tell_counters(hop)) continue;
    if (push(hop, FrameKind::release, 0, wire::bytes_of(release)) == Push::full) {
      continue;
    }
    local_[i].released = state_.epoch;
    note_place(hop, wire::Where::elsewhere);
    ++work;
  }
  return work;
}

/// A rank that shares no memory with this engine sees its counters as they were at a barrier.
/// \return false if there was no room
bool Engine::tell_counters(std::uint32_t rank) noexcept {
  if (sources_[rank].channel->shares_memory()) return true;
  const wire::CounterBody body = wire::counter_body(*around_.counters);
  return push(rank, FrameKind::counters, 0, std::as_bytes(std::span(body))) != Push::full;
}

/// Such a rank cannot write what it does into its slot, either: its barriers show it.
void Engine::note_place(std::uint32_t rank, wire::Where where) noexcept {
  if (around_.slots.empty() || sources_[rank].channel->shares_memory()) return;
  arena::RankSlot& slot = around_.slots[rank];
  slot.rank.store(local_ranks_[rank].value, std::memory_order_relaxed);
  slot.where.store(static_cast<std::uint32_t>(where), std::memory_order_relaxed);
  slot.barrier.store(local_[rank].report.epoch, std::memory_order_relaxed);
  slot.since_ns.store(monotonic_ns(), std::memory_order_relaxed);
}

// ---- failure and leaving --------------------------------------------------------------------

void Engine::fail(Status reason) noexcept {
  if (!status_.ok()) return;
  status_ = std::move(reason);
  hold_ends_ns_ = never_ns;  // nothing is routed any more
  failure_ = wire::encode_failure(status_);
  if (around_.failure != nullptr) around_.failure->write(failure_);
}

std::uint32_t Engine::spread_failure() noexcept {
  std::uint32_t work = 0;
  for (Source& source : sources_) {
    if (source.state->told) continue;
    if (source.channel->try_push(FrameKind::failure, 0, failure_) == Push::full) continue;
    source.state->told = 1;
    ++work;
  }
  return work;
}

std::uint32_t Engine::say_goodbye() noexcept {
  std::uint32_t work = 0;
  for (Source& peer : std::span(sources_).subspan(local_.size())) {
    if (peer.state->told) continue;
    if (peer.channel->try_push(FrameKind::goodbye, 0, {}) == Push::full) continue;
    peer.state->told = 1;
    ++work;
  }
  return work;
}

bool Engine::closed() noexcept {
  if (!closing_) return false;
  const auto peers = std::span(sources_).subspan(local_.size());
  return std::all_of(peers.begin(), peers.end(), [](const Source& peer) {
    return peer.state->told && (peer.channel->drained() || peer.state->closed);
  });
}

}  // namespace buddy::engine
