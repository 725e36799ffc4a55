#include "engine/quiescence.hpp"

#include <algorithm>
#include <bit>

#include "base/contract.hpp"

namespace buddy::engine {

namespace {

/// Of plan_doubling(), over \p members at most.
std::uint32_t rounds_of_doubling(std::uint32_t members) {
  return static_cast<std::uint32_t>(std::countr_zero(std::bit_floor(members))) + 2;
}

}  // namespace

Quiescence::Quiescence(AgentId self, const wire::Routes& routes, QuiescenceState& state)
    : state_(state) {
  plan(self, routes);
}

void Quiescence::plan(AgentId self, const wire::Routes& routes) {
  const std::uint32_t group = routes.group_of(self);
  const std::uint32_t index = routes.index_of(self);
  const std::uint32_t size = routes.size_of(group);
  plan_doubling(index, size, 0, [&](std::uint32_t i) { return routes.member(group, i); });
  if (routes.groups() == 1) return;
  std::uint32_t most = 0;
  for (std::uint32_t g = 0; g < routes.groups(); ++g) most = std::max(most, routes.size_of(g));
  const std::uint32_t between = rounds_of_doubling(most);
  const std::uint32_t last = between + rounds_of_doubling(routes.groups());
  BUDDY_EXPECT(last < QuiescenceState::most_rounds);
  const std::uint32_t everywhere = routes.least_size();  // groups have a member of these indices
  if (index >= everywhere) {
    steps_.push_back({Action::take, routes.member(group, index % everywhere), last});
    return;
  }
  plan_doubling(group, routes.groups(), between,
                [&](std::uint32_t g) { return routes.member(g, index); });
  for (std::uint32_t i = index + everywhere; i < size; i += everywhere) {
    steps_.push_back({Action::send, routes.member(group, i), last});
  }
}

/// \param self the place among the members. \param member the agent at a place
void Quiescence::plan_doubling(std::uint32_t self, std::uint32_t members, std::uint32_t first_round,
                               const std::function<AgentId(std::uint32_t)>& member) {
  const std::uint32_t core = std::bit_floor(members);  // that double
  const std::uint32_t folded = members - core;         // pairs (2k, 2k+1) of which 2k doubles
  const auto doublings = static_cast<std::uint32_t>(std::countr_zero(core));
  const std::uint32_t last_round = first_round + doublings + 1;
  BUDDY_EXPECT(last_round < QuiescenceState::most_rounds);
  const bool paired = self < 2 * folded;
  if (paired && self % 2 == 1) {
    steps_.push_back({Action::send, member(self - 1), first_round});
    steps_.push_back({Action::take, member(self - 1), last_round});
    return;
  }
  if (paired) steps_.push_back({Action::add, member(self + 1), first_round});
  const std::uint32_t place = paired ? self / 2 : self - folded;
  for (std::uint32_t k = 0; k < doublings; ++k) {
    const std::uint32_t other = place ^ (1u << k);
    const AgentId peer = member(other < folded ? other * 2 : other + folded);
    steps_.push_back({Action::send, peer, first_round + k + 1});
    steps_.push_back({Action::add, peer, first_round + k + 1});
  }
  if (paired) steps_.push_back({Action::send, member(self + 1), last_round});
}

void Quiescence::contribute(const Totals& mine) noexcept {
  BUDDY_EXPECT(!in_wave());
  state_.in_wave = 1;
  state_.step = 0;
  state_.sum = mine;
}

void Quiescence::consume() noexcept {
  while (in_wave() && state_.step < steps_.size() && steps_[state_.step].action != Action::send) {
    QuiescenceState::Slot& arrived = slot(state_.wave, steps_[state_.step].round);
    if (arrived.full == 0) return;
    if (steps_[state_.step].action == Action::take) state_.sum = {};
    state_.sum.sent += arrived.totals.sent;
    state_.sum.handled += arrived.totals.handled;
    arrived.full = 0;
    ++state_.step;
  }
}

std::optional<Quiescence::Send> Quiescence::pending() noexcept {
  consume();
  if (!in_wave() || state_.step == steps_.size() || steps_[state_.step].action != Action::send) {
    return std::nullopt;
  }
  const Step& step = steps_[state_.step];
  return Send{step.peer, {state_.wave, step.round, 0, state_.sum.sent, state_.sum.handled}};
}

bool Quiescence::receive(AgentId from, const wire::WaveMessage& message) noexcept {
  if (message.wave != state_.wave && message.wave != state_.wave + 1) return false;
  for (const Step& step : steps_) {
    if (step.action == Action::send || step.peer != from || step.round != message.round) continue;
    QuiescenceState::Slot& arrived = slot(message.wave, message.round);
    if (arrived.full != 0) return false;
    arrived = {{message.sent, message.handled}, 1, 0};
    return true;
  }
  return false;
}

bool Quiescence::finished(bool& quiescent) noexcept {
  consume();
  if (!in_wave() || state_.step != steps_.size()) return false;
  quiescent = state_.sum.sent == state_.sum.handled && state_.previous == state_.sum;
  state_.previous = state_.sum;
  state_.in_wave = 0;
  ++state_.wave;
  return true;
}

}  // namespace buddy::engine
