// How long it pays to look for work before going to sleep.
#pragma once

#include <algorithm>
#include <cstdint>

namespace buddy::arena {

/// How to wait, chosen by how many processes share the cores.
struct WaitPolicy {
  std::uint64_t spin_ns = 50'000;  ///< look again without giving up the core, ns
  std::uint32_t yields = 0;        ///< then give the core to others this often
  /// After so long without work tell neighbours that small pieces are welcome, ns; 0: never. Longer
  /// than a busy sender takes to fill a block, or it would send small frames.
  std::uint64_t quiet_ns = 0;
  /// spin_ns is only where to start from: follow what a wake-up is measured to cost.
  bool measured = false;
  /// Spin up to so long, ns, while that mostly finds work and nobody else wants the core; 0: never.
  std::uint64_t patience_ns = 0;

  /// Everybody has a core, and there is no better use for this one.
  static WaitPolicy dedicated() {
    WaitPolicy policy;
    policy.measured = true;
    policy.patience_ns = 2'000'000;
    return policy;
  }
  /// Everybody has a core, but this one is to be free for others while its rank waits for an
  /// engine: that is what the engine is for.
  static WaitPolicy offloaded() {
    WaitPolicy policy;
    policy.measured = true;
    return policy;
  }
  /// More processes than cores: spinning would take the core from those with work. Giving it to
  /// them many times is still cheaper than sleeping and being woken (docs/design/doorbells.md).
  static WaitPolicy shared() {
    WaitPolicy policy;
    policy.spin_ns = 0;
    policy.yields = 100;
    return policy;
  }
};

/// Decides how long a spell of idle polling may last.
///
/// Whoever spins as long as a sleep with its wake-up costs, and then sleeps, loses at most twice
/// what the best decision would have lost (the ski rental problem; Karlin, Li, Manasse and Owicki
/// 1991). Where a core has nothing better to do, spinning is free, and only sleeping is not: there
/// it may last longer, as long as it finds work now and then.
/// Invariant: idle polling beyond the cost of a wake-up is at most `most_saved_ns` plus a
/// twentieth of the time that has passed.
/// Threads: one. Knows no clock: times are given to it.
class SpinLimit {
 public:
  explicit SpinLimit(const WaitPolicy& policy) : policy_(policy), wake_cost_ns_(policy.spin_ns) {}

  /// Forgets nothing that was measured.
  void set_policy(const WaitPolicy& policy) noexcept;

  /// How long a spell that begins now may last, ns.
  std::uint64_t begin(std::uint64_t now_ns) noexcept;
  /// How often it then gives the core to others.
  std::uint32_t yields() const noexcept { return wanted_ ? wanted_yields : policy_.yields; }
  /// The spell under way has lasted so long and ends in sleep.
  void ended_without_work(std::uint64_t spun_ns) noexcept;
  /// It was rung so long ago.
  void woken(std::uint64_t latency_ns) noexcept;
  /// The thread has lost its core so often since it began, although it wanted to go on.
  /// \return whether somebody else wants the core, so that the spell has to end
  bool switched_out(std::uint64_t now_ns, std::uint64_t times) noexcept;

  const WaitPolicy& policy() const noexcept { return policy_; }
  std::uint64_t wake_cost_ns() const noexcept { return wake_cost_ns_; }

 private:
  static constexpr std::uint64_t least_cost_ns = 30'000;
  static constexpr std::uint64_t most_cost_ns = 200'000;
  static constexpr std::uint64_t weight = 8;           ///< of what was known, in the average
  static constexpr std::uint64_t saving_divisor = 20;  ///< idle polling may take a twentieth
  static constexpr std::uint64_t most_saved_ns = 20'000'000;
  /// A core is wanted if its thread is switched out more often than this in a window: a busy
  /// neighbour does so every few milliseconds, the kernel's own threads a few times a second.
  static constexpr std::uint64_t window_ns = 50'000'000;
  static constexpr std::uint64_t most_switches = 4;
  static constexpr std::uint32_t wanted_yields = 100;

  std::uint64_t base_ns() const noexcept {
    return policy_.measured ? wake_cost_ns_ : policy_.spin_ns;
  }

  WaitPolicy policy_;
  std::uint64_t wake_cost_ns_;
  std::uint64_t saved_ns_ = most_saved_ns;  ///< left for idle polling
  std::uint64_t saved_at_ns_ = 0;           ///< when that was computed
  std::uint64_t window_began_ns_ = 0;
  std::uint64_t switches_before_ = 0;  ///< at the beginning of the window
  bool wanted_ = false;                ///< somebody else wants the core
};

}  // namespace buddy::arena
