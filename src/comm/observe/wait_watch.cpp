#include "comm/observe/wait_watch.hpp"

#include <algorithm>
#include <utility>

namespace buddy::comm {

using wire::RankPlace;
using wire::Where;

namespace {

constexpr std::uint64_t look_interval_ns = 100'000'000;
constexpr std::uint64_t answer_limit_ns = 1'000'000'000;
/// Who has waited for less has just done something.
constexpr std::uint64_t moving_ns = 1'000'000'000;
constexpr std::uint64_t repeat_ns = 60'000'000'000;
/// A process that has not looked for so long was stopped, or did something else.
constexpr std::uint64_t longest_gap_ns = 2'000'000'000;

Where where_of(const RankPlace& place) { return static_cast<Where>(place.where); }

/// What "rank 1 ..." or "ranks 1-2 ..." goes on with.
std::string predicate(const std::optional<RankPlace>& place, bool many) {
  const std::string wait = many ? "wait" : "waits";
  const std::string have = many ? "have" : "has";
  if (!place) return have + " not come";
  const std::string number = std::to_string(place->barrier);
  switch (where_of(*place)) {
    case Where::barrier: return wait + " in barrier " + number;
    case Where::collective: return wait + " in a collective operation of MPI";
    case Where::waiting: return wait + " in wait_until()";
    case Where::last_barrier: return wait + " in barrier " + number + " (to leave)";
    case Where::left: return have + " left";
    case Where::handlers: return many ? "run messages" : "runs messages";
    case Where::elsewhere: break;
  }
  if (place->barrier == 0) return have + " not come";
  return have + " not come (" + (many ? "they are" : "it is") + " past barrier " + number + ")";
}

/// "rank 3", "ranks 0, 2-5".
std::string name_ranks(const std::vector<std::size_t>& ranks) {
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  for (std::size_t i = 0; i < ranks.size();) {
    std::size_t last = i;
    while (last + 1 < ranks.size() && ranks[last + 1] == ranks[last] + 1) ++last;
    if (i != 0) text += ", ";
    text += std::to_string(ranks[i]);
    if (last != i) text += "-" + std::to_string(ranks[last]);
    i = last + 1;
  }
  return text;
}

}  // namespace

std::string describe_places(const std::vector<std::optional<RankPlace>>& places) {
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  for (std::size_t rank = 0; rank < places.size(); ++rank) {
    const std::string key = predicate(places[rank], false);
    const auto same = [&](const auto& group) { return group.first == key; };
    auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) group = groups.insert(groups.end(), {key, {}});
    group->second.push_back(rank);
  }
  std::string text;
  for (const auto& [key, ranks] : groups) {
    if (!text.empty()) text += ", ";
    text += name_ranks(ranks) + " " + predicate(places[ranks.front()], ranks.size() > 1);
  }
  return text;
}

WaitWatch::WaitWatch(Options options, arena::RankSlot& slot)
    : options_(std::move(options)), slot_(slot), places_(options_.ranks) {
  slot_.rank.store(options_.rank, std::memory_order_relaxed);
  slot_.barrier.store(0, std::memory_order_relaxed);  // an earlier communicator's
  show(where_);
}

void WaitWatch::enter(Where where, std::uint64_t barrier) noexcept {
  where_ = where;
  if (leaving_) where_ = where == Where::barrier ? Where::last_barrier : Where::left;
  // A wait_until() waits in rounds, each of which enters: look() knows when it began.
  if (where != Where::waiting) {
    since_ns_ = 0;
    slot_.since_ns.store(0, std::memory_order_relaxed);
  }
  slot_.barrier.store(barrier - options_.barriers_before, std::memory_order_relaxed);
  show(where_);
}

void WaitWatch::leave(std::uint64_t barrier) noexcept {
  if (where_ != Where::waiting) since_ns_ = 0;
  where_ = Where::elsewhere;
  slot_.barrier.store(barrier - options_.barriers_before, std::memory_order_relaxed);
  show(where_);
}

void WaitWatch::begin(std::uint64_t now_ns, std::uint64_t moved) noexcept {
  since_ns_ = now_ns;
  moved_ = moved;
  asked_ns_ = 0;
  next_notice_ns_ = options_.notice_ns;
  next_hang_ns_ = options_.hang_ns;
  slot_.since_ns.store(now_ns, std::memory_order_relaxed);
}

Status WaitWatch::look(std::uint64_t now_ns, std::uint64_t moved, transport::Channel& channel) {
  if (where_ == Where::elsewhere || now_ns - looked_ns_ < look_interval_ns) return {};
  const bool gap = now_ns - looked_ns_ > longest_gap_ns;
  looked_ns_ = now_ns;
  if (since_ns_ == 0 || gap || moved != moved_) begin(now_ns, moved);
  const std::uint64_t waited_ns = now_ns - since_ns_;
  const bool notice = options_.notice_ns != 0 && waited_ns >= next_notice_ns_;
  const bool hang = options_.hang_ns != 0 && waited_ns >= next_hang_ns_;
  if (!notice && !hang) return {};
  if (asked_ns_ == 0) {
    ask(now_ns, channel);
  } else if (everybody_answered() || now_ns - asked_ns_ >= answer_limit_ns) {
    return conclude(waited_ns);
  }
  return {};
}

void WaitWatch::ask(std::uint64_t now_ns, transport::Channel& channel) {
  std::fill(places_.begin(), places_.end(), std::nullopt);
  places_[options_.rank] = slot_.read(now_ns);
  const wire::RollCall call{options_.rank, 0};
  // A channel that is full drops it; then nobody answers, and next time is soon enough.
  if (channel.try_push(wire::FrameKind::roll_call, 0, wire::bytes_of(call)) == wire::Push::ok) {
    channel.flush_wakeups();
  }
  asked_ns_ = now_ns;
}

bool WaitWatch::hear(std::span<const std::byte> body) {
  const auto answer = wire::decode_roll_answer(body);
  if (!answer) return false;
  for (const RankPlace& place : answer->places) {
    if (place.rank >= places_.size()) return false;
    places_[place.rank] = place;
  }
  return true;
}

bool WaitWatch::everybody_answered() const noexcept {
  return std::all_of(places_.begin(), places_.end(),
                     [](const auto& place) { return place.has_value(); });
}

/// All ranks are in one barrier, and some of them have just handled messages: no reason to worry.
bool WaitWatch::somebody_moves() const noexcept {
  const RankPlace& mine = *places_[options_.rank];
  bool moves = false;
  for (const auto& place : places_) {
    if (!place || place->barrier != mine.barrier) return false;
    const Where where = where_of(*place);
    const bool in_barrier = where == Where::barrier || where == Where::last_barrier;
    if (!in_barrier && where != Where::handlers) return false;
    moves = moves || place->waited_ns < moving_ns;
  }
  return moves;
}

bool WaitWatch::is_for_me_to_say() const noexcept {
  // Others began to wait a moment later, and tell the same.
  const std::uint64_t long_ns = options_.notice_ns / 2;
  for (std::uint32_t rank = 0; rank < options_.rank; ++rank) {
    const auto& place = places_[rank];
    if (place && where_of(*place) != Where::elsewhere && place->waited_ns >= long_ns) return false;
  }
  return true;
}

Status WaitWatch::conclude(std::uint64_t waited_ns) {
  asked_ns_ = 0;
  next_notice_ns_ = waited_ns + repeat_ns;
  if (somebody_moves()) {
    next_notice_ns_ = waited_ns + options_.notice_ns;
    next_hang_ns_ = waited_ns + answer_limit_ns;
    return {};
  }
  const std::string seconds = std::to_string(waited_ns / 1'000'000'000);
  const std::string who = "rank " + std::to_string(options_.rank) + " has waited for " + seconds +
                          " s (" + describe_places(places_) + ") ";
  if (options_.hang_ns != 0 && waited_ns >= options_.hang_ns) {
    return {ErrorCode::timeout, who +
                                    "let all ranks call the same barriers and collectives in the "
                                    "same order, or raise BUDDY_HANG_SECONDS"};
  }
  if (is_for_me_to_say()) {
    options_.say(
        who +
        "if this is not meant, let all ranks call the same barriers and collectives in the "
        "same order");
  }
  return {};
}

}  // namespace buddy::comm
