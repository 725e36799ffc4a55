// Who is stepped next in a simulated job, and how time passes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "sim/actor.hpp"
#include "support/seeds.hpp"
#include "transport/sim/sim_transport.hpp"

namespace buddy::sim {

/// Steps actors in random order, some of them rarely for a while, until nothing can happen any
/// more. Everything random comes from one seed, so a seed names a run.
class Scheduler {
 public:
  Scheduler(std::uint64_t seed, transport::SimNetwork& network)
      : random_(seed), network_(network) {}

  test::Random& random() noexcept { return random_; }
  /// \param agent whose frames from the network wake the actor
  void add(Actor& actor, std::optional<AgentId> agent) {
    entries_.push_back({&actor, agent, false});
  }
  /// The actor's process is dead: it is never stepped again.
  void kill(const Actor& actor);
  /// Calls \p event when the clock has moved on by a random delay.
  void later(std::function<void()> event);

  /// \param between called before every step, for faults
  /// \return steps taken, at most \p most_steps; fewer mean that everybody is done or sleeps and
  /// that
  ///         nothing is under way
  std::uint64_t run(std::uint64_t most_steps, const std::function<void(std::uint64_t)>& between);

 private:
  struct Entry {
    Actor* actor;
    std::optional<AgentId> agent;
    bool dead;
  };
  std::optional<std::uint64_t> next_event_ns(const Entry& entry) const {
    std::optional<std::uint64_t> next;
    if (entry.agent) next = network_.next_event_ns(*entry.agent);
    const std::uint64_t own = entry.actor->wakes_at_ns();
    if (own == Actor::never_ns) return next;
    return next ? std::min(*next, own) : own;
  }
  void collect_runnable();
  Actor& choose();
  bool skip_to_next_event();
  void fire_events();

  test::Random random_;
  transport::SimNetwork& network_;
  std::vector<Entry> entries_;
  std::vector<Actor*> runnable_;
  std::multimap<std::uint64_t, std::function<void()>> events_;
  const Actor* last_ = nullptr;
  const Actor* slow_ = nullptr;
  std::uint64_t slow_steps_ = 0;
};

}  // namespace buddy::sim
