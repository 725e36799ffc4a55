// The engine: one agent that takes, routes, delivers and detects quiescence.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "arena/failure_note.hpp"
#include "arena/rank_slot.hpp"
#include "arena/sizes.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/ids.hpp"
#include "base/status.hpp"
#include "engine/engine_state.hpp"
#include "engine/engine_trace.hpp"
#include "engine/quiescence.hpp"
#include "engine/router.hpp"
#include "transport/channel.hpp"
#include "transport/transport.hpp"
#include "wire/job_map.hpp"
#include "wire/routes.hpp"

namespace buddy::engine {

/// An agent's resources; all must outlive the engine.
struct Resources {
  std::vector<transport::Channel*> links;  ///< to the local ranks, in the order of JobMap::ranks_of
  std::vector<transport::Channel*> peers;  ///< in the order of Routes::neighbours
  std::vector<transport::Transport*> transports;  ///< to be moved forward in every poll
  CounterTable* counters = nullptr;
  std::span<std::byte> arena;             ///< zeroed, 64-aligned, engine_arena_bytes()
  TraceWriter* trace = nullptr;           ///< nullptr: off
  std::span<arena::RankSlot> slots{};     ///< what the local ranks do; empty: they do not say
  arena::FailureNote* failure = nullptr;  ///< for local ranks that take no frames; or nullptr
  std::function<std::uint64_t()> clock_ns = monotonic_ns;  ///< by which blocks are held
};

/// Bytes of arena an engine with so many hops needs for its state and its open blocks.
std::size_t engine_arena_bytes(std::size_t hops, const arena::Sizes& sizes);

/// One single-threaded engine. It does not know where it runs: whoever owns it calls poll().
///
/// Data path: blocks from local ranks are routed into one open block per next hop: local ranks
/// first, then peers of this agent's group, then peers of others. What comes from a peer goes to
/// hops before the peer's kind only: from across groups along this one or to local ranks, from
/// along the group to local ranks. So a full channel stops only what comes over earlier ones, and
/// back-pressure cannot close a circle (docs/design/routing.md).
/// An open block is sent when it is full, or when there is nothing to take in and the hop has
/// nothing unread (or a few polls have passed): full blocks under load, low latency when quiet.
/// With Sizes::hold_ns it is held for so long first (docs/design/holding_blocks.md).
/// Invariants: frames of one source are taken in order; a source whose next hop is full waits, the
/// others go on; nothing is taken that cannot be kept.
/// Threads: one.
class Engine final : private BlockSink {
 public:
  Engine(std::shared_ptr<const wire::JobMap> map, AgentId self, Resources resources,
         const arena::Sizes& sizes);

  /// Does a bounded amount of work. \return how much; 0 means nothing is held back and nothing can
  /// be done until a neighbour moves
  std::uint32_t poll() noexcept;

  /// When poll() has to be called although no neighbour moves, by the clock of the resources: a
  /// block has then been held for long enough. The largest number if none is held.
  std::uint64_t hold_ends_ns() const noexcept { return hold_ends_ns_; }
  /// Whether blocks may be held for a time from now on. An engine that its rank steps can keep the
  /// time only while it is stepped: it may hold while the rank sends.
  void allow_hold(bool allowed) noexcept { may_hold_ = allowed; }

  /// Wakes neighbours that have not been told of what was sent to them. Call when poll() finds
  /// nothing to do, or when no poll() will follow soon.
  void flush_wakeups() noexcept;

  /// Whether what was taken and sent arrives without further calls of poll(): no block for a peer
  /// is open, and no network needs a hand.
  bool needs_no_progress() noexcept;

  // ---- for a rank that steps its engine itself; see EmbeddedLink

  /// From now on what is for the only local rank waits for lend(). \pre one local rank
  void start_lending();
  /// Routes a block of the local rank from where it lies.
  /// \return false if the same body has to be pushed into the link, before anything else
  bool route_in_place(std::span<const std::byte> body) noexcept;
  /// The oldest messages for the local rank, behind all that the link holds, where they lie: in the
  /// open block or in a peer's ring. The same again until take_back().
  wire::Peek lend(wire::Frame& frame) noexcept;
  /// The rank has run what was lent. \pre lend() returned ready since the last call
  void take_back() noexcept;

  /// ok, or why the job failed; from then on nothing is routed, and everybody is told.
  const Status& status() const noexcept { return status_; }
  /// Declares the job failed: a neighbour has died.
  void fail(Status reason) noexcept;
  /// From now on poll() also tells the peers that this agent leaves, unless the job has failed:
  /// then it tells that. \pre nothing will be sent any more
  void drain_and_close() noexcept { closing_ = true; }
  /// Whether all peers have taken the last word, so that the agent can go.
  bool closed() noexcept;

 private:
  struct Source {
    transport::Channel* channel = nullptr;
    AgentId peer;  ///< for peers
    SourceState* state = nullptr;
  };
  enum class Taken { frame, nothing, blocked };

  void add_peers();
  std::vector<std::uint32_t> hops_of_ranks() const;
  void make_blocks(const arena::Sizes& sizes, const std::vector<std::uint32_t>& hop_of_rank);
  /// try_push() of what is in no block, traced.
  wire::Push push(std::uint32_t hop, wire::FrameKind kind, std::uint64_t records,
                  std::span<const std::byte> body) noexcept;
  bool flush_full(std::uint32_t hop) noexcept override;
  void count_sent(std::uint32_t hop, std::size_t body_bytes,
                  const wire::BlockBuilder& block) noexcept;
  bool flush(std::uint32_t hop, Counter reason) noexcept;
  enum class Idle { empty, held, refused, sent };
  /// Sends a block that is not full by the rule of docs/design/holding_blocks.md.
  Idle flush_if_idle(std::uint32_t hop, bool patient) noexcept;
  /// \param hops how many are looked at: each time the next ones
  std::uint32_t flush_idle(std::uint32_t hops) noexcept;
  bool flush_part(std::uint32_t hop) noexcept;
  std::uint32_t flush_by_time() noexcept;
  bool have_left_off() const noexcept;
  bool is_awaited(std::uint32_t hop) const noexcept;
  std::uint32_t take_in(std::uint32_t source) noexcept;
  Taken take_frame(std::uint32_t source) noexcept;
  Taken take_data(std::uint32_t source, const wire::Frame& frame) noexcept;
  Taken pass_through(std::uint32_t source, const wire::Frame& frame) noexcept;
  bool lend_block(wire::Frame& frame) noexcept;
  bool lend_from_peer(std::uint32_t source, wire::Frame& frame) noexcept;
  bool waits_to_be_lent(std::uint32_t source, const wire::Frame& frame) const noexcept {
    if (!lends_ || is_link(source)) return false;
    const bool may_be_lent = status_.ok() && !closing_;
    return source == lent_ || (may_be_lent && frame.header.kind == wire::FrameKind::final);
  }
  void take_control(std::uint32_t source, const wire::Frame& frame) noexcept;
  /// \return false if the frame is none, or from somebody who may not send it
  bool take_roll_call(std::uint32_t source, const wire::Frame& frame) noexcept;
  bool take_roll_answer(std::uint32_t source, const wire::Frame& frame) noexcept;
  void answer_roll_call(std::uint32_t hop, std::uint32_t asking_rank) noexcept;
  void reject(std::uint32_t source, const char* what) noexcept;
  void neighbour_broken(std::uint32_t source) noexcept;
  bool is_link(std::uint32_t source) const noexcept { return source < local_.size(); }
  bool is_across(std::uint32_t source) const noexcept { return source >= first_across_; }
  /// Hops that what comes from \p source may go to are below.
  std::uint32_t hop_limit(std::uint32_t source) const noexcept {
    if (is_link(source)) return static_cast<std::uint32_t>(blocks_.size());
    return is_across(source) ? first_across_ : static_cast<std::uint32_t>(local_.size());
  }
  /// The hop that leads to an agent. \pre it is not this one
  std::uint32_t hop_to(AgentId agent) const {
    return source_of_agent_.at(routes_.next_hop(self_, agent).value);
  }
  /// Whether what an agent sends to another one comes to this one from \p source.
  bool is_path(AgentId from, std::uint32_t source) const {
    return from != self_ && !is_link(source) &&
           (sources_[source].peer == from ||
            routes_.next_hop(from, self_) == sources_[source].peer);
  }
  std::string name_of(std::uint32_t source) const;

  bool locals_ready(Totals& totals) noexcept;
  std::uint32_t detect_quiescence() noexcept;
  std::uint32_t release_ranks() noexcept;
  bool tell_counters(std::uint32_t rank) noexcept;
  void note_place(std::uint32_t rank, wire::Where where) noexcept;
  std::uint32_t spread_failure() noexcept;
  std::uint32_t say_goodbye() noexcept;
  void count(Counter counter, std::uint64_t amount = 1) noexcept {
    around_.counters->add(counter, amount);
  }

  std::shared_ptr<const wire::JobMap> map_;
  wire::Routes routes_;
  AgentId self_;
  std::vector<RankId> local_ranks_;  ///< in the order of the links
  Resources around_;
  std::span<std::byte> memory_;           ///< of the arena, what is not taken yet
  EngineState& state_;                    ///< in the arena
  std::span<LocalState> local_;           ///< in the arena
  std::vector<Source> sources_;           ///< links, then peers; hop i leads back to source i
  std::uint32_t first_across_ = 0;        ///< of them: where peers of other groups begin
  std::span<wire::BlockBuilder> blocks_;  ///< one per hop, in the arena
  std::size_t block_bytes_;               ///< of one that is full
  std::unordered_map<std::uint32_t, std::uint32_t> source_of_agent_;  ///< of peers
  std::unique_ptr<Router> router_;
  Quiescence quiescence_;
  EngineTrace trace_;
  std::uint32_t waited_polls_ = 0;   ///< polls in which open blocks were held back
  std::uint32_t next_idle_hop_ = 0;  ///< whose block is looked at next
  std::uint64_t hold_ns_;
  std::vector<std::uint64_t> held_since_ns_{};  ///< by hop, 0: not held; empty without a hold
  std::uint64_t hold_ends_ns_ = never_ns;
  std::uint64_t next_look_ns_ = 0;  ///< at blocks that may be overdue while input comes
  bool may_hold_ = true;
  bool saw_input_ = false;
  bool closing_ = false;
  Status status_;
  std::vector<std::byte> failure_;

  /// Blocks up to this size are sent without asking whether the hop has unread frames: the answer
  /// costs a cache miss, as much as sending.
  static constexpr std::size_t urgent_bytes = 256;
  static constexpr std::uint64_t never_ns = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::uint32_t nothing_lent = ~std::uint32_t{0};
  static constexpr std::uint32_t own_block = 0;  ///< the local rank's hop
  bool lends_ = false;
  std::uint32_t lent_ = nothing_lent;  ///< own_block, or the peer's source
  std::uint32_t next_lender_ = 1;      ///< source that comes first in the next round
  wire::Frame lent_frame_;
  std::span<std::byte> open_memory_;      ///< of the local rank's open block
  std::span<std::byte> spare_memory_;     ///< lent, or free
  std::vector<std::byte> second_memory_;  ///< owns one of them
};

}  // namespace buddy::engine
