#include "comm/session/leaving.hpp"

#include "arena/yielder.hpp"
#include "base/clock.hpp"

namespace buddy::comm {

void step_until(std::span<EngineConnection* const> connections, const std::function<bool()>& done,
                const std::function<bool()>& others) {
  arena::Yielder yielder;
  for (;;) {
    bool moved = false;
    for (EngineConnection* connection : connections) moved = connection->step() != 0 || moved;
    if (done()) return;
    if (others() || moved) continue;
    for (EngineConnection* connection : connections) {
      (void)connection->health();  // a peer that has died takes nothing any more
      connection->flush_wakeups();
    }
    yielder.yield();
  }
}

bool wait_until_left(std::span<EngineConnection* const> connections, std::uint64_t limit_ns,
                     const std::function<bool()>& others) {
  const std::uint64_t deadline = monotonic_ns() + limit_ns;
  bool all = false;
  const auto done = [&] {
    all = true;
    for (EngineConnection* connection : connections) all = connection->has_left() && all;
    return all || monotonic_ns() >= deadline;
  };
  step_until(connections, done, others);
  return all;
}

}  // namespace buddy::comm
