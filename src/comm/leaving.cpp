#include "comm/leaving.hpp"

#include <sched.h>

#include "base/clock.hpp"

namespace buddy::comm {

bool wait_until_left(std::span<EngineConnection* const> connections, std::uint64_t limit_ns,
                     const std::function<bool()>& others) {
  const std::uint64_t deadline = monotonic_ns() + limit_ns;
  for (;;) {
    bool all = true;
    bool moved = false;
    for (EngineConnection* connection : connections) {
      moved = connection->step() != 0 || moved;
      all = connection->has_left() && all;
    }
    if (all) return true;
    if (monotonic_ns() >= deadline) return false;
    if (others() || moved) continue;
    for (EngineConnection* connection : connections) {
      (void)connection->health();  // a peer that has died takes nothing any more
      connection->flush_wakeups();
    }
    ::sched_yield();
  }
}

}  // namespace buddy::comm
