// Engine: holding blocks for a time, for more messages to come (docs/design/holding_blocks.md).
#include <algorithm>

#include "engine/engine.hpp"

namespace buddy::engine {

/// Whether the rank at a hop waits in the barrier.
bool Engine::is_awaited(std::uint32_t hop) const noexcept {
  return is_link(hop) && local_[hop].report.epoch == state_.epoch + 1;
}

/// Whether nothing but what handlers send will come from the ranks of this agent.
bool Engine::have_left_off() const noexcept {
  for (std::uint32_t rank = 0; rank < local_.size(); ++rank) {
    if (!is_awaited(rank)) return false;
  }
  return true;
}

/// \return whether it has been sent
bool Engine::flush_part(std::uint32_t hop) noexcept {
  if (!blocks_[hop].finish().empty()) return flush(hop, Counter::flushes_idle);
  blocks_[hop].clear();  // a run was opened for items that then had to wait
  held_since_ns_[hop] = 0;
  return false;
}

// A block ends its time in any poll; in one without input, small blocks go at once, and so do those
// for a rank that has nothing else to do. While all ranks of this agent wait in the barrier, the
// rule without a time is in force: a barrier cannot be complete before that, and never waits for
// the time to pass.
std::uint32_t Engine::flush_by_time() noexcept {
  hold_ends_ns_ = never_ns;
  if (!may_hold_ || have_left_off()) {
    if (!saw_input_) return flush_idle(static_cast<std::uint32_t>(blocks_.size()));
    waited_polls_ = 0;
    return 0;
  }
  waited_polls_ = 0;
  const std::uint64_t now = around_.clock_ns();
  if (saw_input_ && now < next_look_ns_) return 0;
  std::uint32_t work = 0;
  for (std::uint32_t hop = 0; hop < blocks_.size(); ++hop) {
    if (blocks_[hop].empty() || (lends_ && hop == own_block)) continue;
    std::uint64_t& since_ns = held_since_ns_[hop];
    if (since_ns == 0) since_ns = now;
    const bool is_urgent = blocks_[hop].bytes() <= urgent_bytes || is_awaited(hop);
    if (now - since_ns >= hold_ns_ || (!saw_input_ && is_urgent)) {
      if (flush_part(hop)) ++work;  // or its neighbour rings when there is room
    } else {
      hold_ends_ns_ = std::min(hold_ends_ns_, since_ns + hold_ns_);
    }
  }
  next_look_ns_ = std::min(hold_ends_ns_, now + hold_ns_ / 2);
  return work;
}

}  // namespace buddy::engine
