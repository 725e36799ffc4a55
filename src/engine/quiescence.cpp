#include "engine/quiescence.hpp"

#include <bit>

#include "base/contract.hpp"

namespace buddy::engine {

Quiescence::Quiescence(AgentId self, std::uint32_t agents, QuiescenceState& state) : state_(state) {
  plan(self.value, agents);
}

void Quiescence::plan(std::uint32_t self, std::uint32_t agents) {
  const std::uint32_t core = std::bit_floor(agents);  // agents that double
  const std::uint32_t folded = agents - core;         // pairs (2k, 2k+1) of which 2k doubles
  const auto doublings = static_cast<std::uint32_t>(std::countr_zero(core));
  const std::uint32_t last_round = doublings + 1;
  BUDDY_EXPECT(last_round < QuiescenceState::most_rounds);
  const bool paired = self < 2 * folded;
  if (paired && self % 2 == 1) {
    steps_ = {{Action::send, {self - 1}, 0}, {Action::take, {self - 1}, last_round}};
    return;
  }
  if (paired) steps_.push_back({Action::add, {self + 1}, 0});
  const std::uint32_t place = paired ? self / 2 : self - folded;
  for (std::uint32_t k = 0; k < doublings; ++k) {
    const std::uint32_t other = place ^ (1u << k);
    const AgentId peer{other < folded ? other * 2 : other + folded};
    steps_.push_back({Action::send, peer, k + 1});
    steps_.push_back({Action::add, peer, k + 1});
  }
  if (paired) steps_.push_back({Action::send, {self + 1}, last_round});
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
