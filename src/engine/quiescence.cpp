#include "engine/quiescence.hpp"

#include <bit>

#include "base/contract.hpp"

namespace buddy::engine {

Quiescence::Quiescence(AgentId self, std::uint32_t agents) { plan(self.value, agents); }

void Quiescence::plan(std::uint32_t self, std::uint32_t agents) {
  const std::uint32_t core = std::bit_floor(agents);  // agents that double
  const std::uint32_t folded = agents - core;         // pairs (2k, 2k+1) of which 2k doubles
  const auto doublings = static_cast<std::uint32_t>(std::countr_zero(core));
  const std::uint32_t last_round = doublings + 1;
  for (auto& slots : inbox_) slots.resize(last_round + 1);
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
  BUDDY_EXPECT(!in_wave_);
  in_wave_ = true;
  step_ = 0;
  sum_ = mine;
}

void Quiescence::consume() noexcept {
  while (in_wave_ && step_ < steps_.size() && steps_[step_].action != Action::send) {
    std::optional<Totals>& arrived = slot(wave_, steps_[step_].round);
    if (!arrived) return;
    if (steps_[step_].action == Action::take) sum_ = {};
    sum_.sent += arrived->sent;
    sum_.handled += arrived->handled;
    arrived.reset();
    ++step_;
  }
}

std::optional<Quiescence::Send> Quiescence::pending() noexcept {
  consume();
  if (!in_wave_ || step_ == steps_.size() || steps_[step_].action != Action::send) {
    return std::nullopt;
  }
  const Step& step = steps_[step_];
  return Send{step.peer, {wave_, step.round, 0, sum_.sent, sum_.handled}};
}

bool Quiescence::receive(AgentId from, const wire::WaveMessage& message) noexcept {
  if (message.wave != wave_ && message.wave != wave_ + 1) return false;
  for (const Step& step : steps_) {
    if (step.action == Action::send || step.peer != from || step.round != message.round) continue;
    std::optional<Totals>& arrived = slot(message.wave, message.round);
    if (arrived) return false;
    arrived = Totals{message.sent, message.handled};
    return true;
  }
  return false;
}

bool Quiescence::finished(bool& quiescent) noexcept {
  consume();
  if (!in_wave_ || step_ != steps_.size()) return false;
  quiescent = sum_.sent == sum_.handled && previous_ == sum_;
  previous_ = sum_;
  in_wave_ = false;
  ++wave_;
  return true;
}

}  // namespace buddy::engine
