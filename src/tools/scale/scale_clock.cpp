#include "tools/scale/scale_clock.hpp"

#include <algorithm>
#include <cmath>

namespace buddy::tools {

ScaleClock::ScaleClock(transport::SimNetwork& network) : network_(network) {
  network_.set_listener(this);
}

ScaleClock::~ScaleClock() { network_.set_listener(nullptr); }

std::uint32_t ScaleClock::add(ScaleActor& actor) {
  const auto number = static_cast<std::uint32_t>(actors_.size());
  actors_.push_back({&actor, ScaleActor::never_ns, 0});
  wake(number, 0);
  return number;
}

void ScaleClock::wake(std::uint32_t actor, std::uint64_t at_ns) noexcept {
  State& state = actors_[actor];
  const std::uint64_t at = std::max(at_ns, state.free_ns);
  if (at >= state.due_ns) return;
  state.due_ns = at;
  queue_.push({at, entries_++, actor});
}

void ScaleClock::run(const std::function<bool(std::uint32_t actor)>& ends) {
  while (!queue_.empty()) {
    const Entry entry = queue_.top();
    queue_.pop();
    State& state = actors_[entry.actor];
    if (entry.at_ns != state.due_ns) continue;  // it was woken for an earlier time since
    network_.advance_to(entry.at_ns);
    // Whoever wakes it meanwhile wakes it for after the step.
    state.due_ns = ScaleActor::never_ns;
    state.free_ns = entry.at_ns;
    const bool worked = state.actor->step();
    const double spent_ns = std::max(1.0, std::ceil(state.actor->take_spent_ns()));
    state.free_ns = entry.at_ns + static_cast<std::uint64_t>(spent_ns);
    const std::uint64_t woken_ns = std::max(state.due_ns, state.free_ns);
    state.due_ns = ScaleActor::never_ns;
    const std::uint64_t again_ns = worked ? state.free_ns : state.actor->looks_again_ns();
    const std::uint64_t next_ns = std::min(again_ns, woken_ns);
    if (next_ns != ScaleActor::never_ns) wake(entry.actor, next_ns);
    if (ends(entry.actor)) return;
  }
}

}  // namespace buddy::tools
