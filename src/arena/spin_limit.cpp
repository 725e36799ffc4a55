#include "arena/spin_limit.hpp"

namespace buddy::arena {

void SpinLimit::set_policy(const WaitPolicy& policy) noexcept {
  if (!policy_.measured) wake_cost_ns_ = policy.spin_ns;
  policy_ = policy;
}

std::uint64_t SpinLimit::begin(std::uint64_t now_ns) noexcept {
  if (policy_.patience_ns == 0) return base_ns();
  if (saved_at_ns_ == 0) saved_at_ns_ = now_ns;
  saved_ns_ = std::min(saved_ns_ + (now_ns - saved_at_ns_) / saving_divisor, most_saved_ns);
  saved_at_ns_ = now_ns;
  if (wanted_ && now_ns - window_began_ns_ > 2 * window_ns) wanted_ = false;  // ask again
  if (wanted_) return 0;
  return std::max(base_ns(), std::min(saved_ns_, policy_.patience_ns));
}

void SpinLimit::ended_without_work(std::uint64_t spun_ns) noexcept {
  const std::uint64_t beyond = spun_ns - std::min(spun_ns, base_ns());
  saved_ns_ -= std::min(saved_ns_, beyond);
}

void SpinLimit::woken(std::uint64_t latency_ns) noexcept {
  const std::uint64_t cost = std::clamp(latency_ns, least_cost_ns, most_cost_ns);
  wake_cost_ns_ = (wake_cost_ns_ * (weight - 1) + cost) / weight;
}

bool SpinLimit::switched_out(std::uint64_t now_ns, std::uint64_t times) noexcept {
  if (now_ns - window_began_ns_ > window_ns) {
    window_began_ns_ = now_ns;
    switches_before_ = times;
  }
  wanted_ = times - switches_before_ > most_switches;
  return wanted_;
}

}  // namespace buddy::arena
