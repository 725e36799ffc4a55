#include "sim/scheduler.hpp"

#include <algorithm>
#include <utility>

namespace buddy::sim {
namespace {

constexpr std::uint64_t most_step_ns = 2'000;
constexpr std::uint64_t most_delay_ns = 200'000;

}  // namespace

void Scheduler::kill(const Actor& actor) {
  for (Entry& entry : entries_) {
    if (entry.actor == &actor) entry.dead = true;
  }
}

void Scheduler::later(std::function<void()> event) {
  events_.emplace(network_.now_ns() + 1 + random_.below(most_delay_ns), std::move(event));
}

void Scheduler::fire_events() {
  while (!events_.empty() && events_.begin()->first <= network_.now_ns()) {
    const auto event = std::move(events_.extract(events_.begin()).mapped());
    event();
  }
}

void Scheduler::collect_runnable() {
  runnable_.clear();
  for (const Entry& entry : entries_) {
    if (entry.dead || entry.actor->done()) continue;
    if (entry.actor->asleep()) {
      const auto next = next_event_ns(entry);
      if (!next || *next > network_.now_ns()) continue;
      entry.actor->wake();
    }
    runnable_.push_back(entry.actor);
  }
}

bool Scheduler::skip_to_next_event() {
  std::optional<std::uint64_t> earliest;
  if (!events_.empty()) earliest = events_.begin()->first;
  for (const Entry& entry : entries_) {
    if (entry.dead || entry.actor->done()) continue;
    const auto next = next_event_ns(entry);
    if (next && (!earliest || *next < *earliest)) earliest = next;
  }
  if (!earliest) return false;
  network_.advance_to(std::max(*earliest, network_.now_ns()));
  return true;
}

Actor& Scheduler::choose() {
  if (slow_steps_ == 0) {
    slow_ = random_.one_in(2) ? runnable_[random_.below(runnable_.size())] : nullptr;
    slow_steps_ = random_.below(300);
  } else {
    --slow_steps_;
  }
  const bool again =
      random_.one_in(4) && std::find(runnable_.begin(), runnable_.end(), last_) != runnable_.end();
  for (;;) {
    Actor* chosen = again ? const_cast<Actor*>(last_) : runnable_[random_.below(runnable_.size())];
    if (chosen == slow_ && runnable_.size() > 1 && !again) continue;
    last_ = chosen;
    return *chosen;
  }
}

std::uint64_t Scheduler::run(std::uint64_t most_steps,
                             const std::function<void(std::uint64_t)>& between) {
  for (std::uint64_t step = 0; step < most_steps;) {
    fire_events();
    collect_runnable();
    if (runnable_.empty()) {
      if (!skip_to_next_event()) return step;
      continue;
    }
    ++step;
    if (between) {
      between(step);
      collect_runnable();  // it may have killed somebody
      if (runnable_.empty()) continue;
    }
    choose().step();
    network_.advance_to(network_.now_ns() + random_.below(most_step_ns));
  }
  return most_steps;
}

}  // namespace buddy::sim
