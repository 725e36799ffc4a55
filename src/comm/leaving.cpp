#include "comm/leaving.hpp"

#include <sched.h>

#include "base/clock.hpp"

namespace buddy::comm {

bool wait_until_left(std::span<Home* const> homes, std::uint64_t limit_ns,
                     const std::function<bool()>& others) {
  const std::uint64_t deadline = monotonic_ns() + limit_ns;
  for (;;) {
    bool all = true;
    bool moved = false;
    for (Home* home : homes) {
      moved = home->step() != 0 || moved;
      all = home->has_left() && all;
    }
    if (all) return true;
    if (monotonic_ns() >= deadline) return false;
    if (others() || moved) continue;
    for (Home* home : homes) {
      (void)home->health();  // a peer that has died takes nothing any more
      home->nudge();
    }
    ::sched_yield();
  }
}

}  // namespace buddy::comm
