// Engine: where everybody is, for a rank that has been waiting for long.
#include <algorithm>

#include "base/clock.hpp"
#include "engine/engine.hpp"
#include "wire/roll_call.hpp"

namespace buddy::engine {

using wire::FrameKind;

namespace {

/// Of one frame, so that it fits the smallest block.
constexpr std::size_t most_places = 256;
static_assert(sizeof(wire::RollAnswerHeader) + most_places * sizeof(wire::RankPlace) <=
              arena::largest_item_body_bytes);

}  // namespace

/// All frames here may be dropped by a full channel: who asked waits for a second and then says
/// what it knows. A call takes the ways of messages from the asking rank to all, an answer the way
/// back.
bool Engine::take_roll_call(std::uint32_t source, const wire::Frame& frame) noexcept {
  const auto call = wire::read_control<wire::RollCall>(frame.body);
  if (!call || call->rank >= map_->ranks()) return false;
  const bool theirs = is_link(source) ? local_ranks_[source].value == call->rank
                                      : is_path(map_->agent_of({call->rank}), source);
  if (!theirs) return false;
  answer_roll_call(is_link(source) ? source : hop_to(map_->agent_of({call->rank})), call->rank);
  const auto first = static_cast<std::uint32_t>(local_.size());
  for (std::uint32_t peer = first; peer < std::max(first, hop_limit(source)); ++peer) {
    if (sources_[peer].state->told == 0) push(peer, FrameKind::roll_call, 0, frame.body);
  }
  return true;
}

void Engine::answer_roll_call(std::uint32_t hop, std::uint32_t asking_rank) noexcept {
  if (sources_[hop].state->told != 0) return;  // nothing follows a goodbye
  const std::uint64_t now = monotonic_ns();
  for (std::size_t first = 0; first < around_.slots.size(); first += most_places) {
    wire::RollAnswer answer{asking_rank, {}};
    const std::size_t end = std::min(first + most_places, around_.slots.size());
    for (std::size_t i = first; i < end; ++i) {
      answer.places.push_back(around_.slots[i].read(now));
      answer.places.back().rank = local_ranks_[i].value;
    }
    push(hop, FrameKind::roll_answer, 0, wire::encode_roll_answer(answer));
  }
}

bool Engine::take_roll_answer(std::uint32_t source, const wire::Frame& frame) noexcept {
  const auto answer = wire::decode_roll_answer(frame.body);
  if (!answer || answer->rank >= map_->ranks()) return false;
  const bool theirs =
      std::all_of(answer->places.begin(), answer->places.end(), [&](const wire::RankPlace& place) {
        return place.rank < map_->ranks() && is_path(map_->agent_of({place.rank}), source);
      });
  if (!theirs || is_link(source)) return false;
  const AgentId asking_agent = map_->agent_of({answer->rank});
  std::uint32_t hop = 0;
  if (asking_agent == self_) {
    const auto asking = std::find(local_ranks_.begin(), local_ranks_.end(), RankId{answer->rank});
    hop = static_cast<std::uint32_t>(asking - local_ranks_.begin());
  } else {
    hop = hop_to(asking_agent);
    if (hop >= hop_limit(source)) return false;
    if (sources_[hop].state->told != 0) return true;
  }
  push(hop, FrameKind::roll_answer, 0, frame.body);
  return true;
}

}  // namespace buddy::engine
