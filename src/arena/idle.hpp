// Waiting: spin briefly, then sleep.
#pragma once

#include <poll.h>

#include <cstdint>
#include <vector>

#include "arena/doorbell.hpp"

namespace buddy::arena {

/// How to wait, chosen by how many processes share the cores.
struct WaitPolicy {
  std::uint64_t spin_ns = 50'000;  ///< look again without giving up the core, ns
  std::uint32_t yields = 0;        ///< then give the core to others this often
  /// After so long without work tell neighbours that small pieces are welcome, ns; 0: never. Longer
  /// than a busy sender takes to fill a block, or it would send crumbs.
  std::uint64_t quiet_ns = 0;

  /// Everybody has a core.
  static WaitPolicy dedicated() { return {}; }
  /// More processes than cores: spinning would take the core from those with work. Giving it to
  /// them many times is still cheaper than sleeping and being woken (docs/design/bells.md).
  static WaitPolicy shared() { return {0, 100, 0}; }
};

/// Waits for several bells and descriptors at once.
/// Call rest() whenever a look for work found nothing, reset() when it found some.
/// Going to sleep takes two calls, the first of which declares the bells ringable, so that the look
/// between them closes the race with neighbours (see Bell).
/// Threads: the bells' owner.
class Idle {
 public:
  explicit Idle(const WaitPolicy& policy) : policy_(policy) {}

  void set_policy(const WaitPolicy& policy) noexcept { policy_ = policy; }
  /// What to wait for; bells must outlive this or the next watch(). Wakes if asleep.
  void watch(std::vector<Bell*> bells, const std::vector<int>& descriptors);

  void reset() noexcept {
    if (phase_ != Phase::busy) wake();
  }

  /// Time spent looking for work in vain so far, without sleep and without what was given to
  /// others, ns.
  std::uint64_t spun_ns() const noexcept { return spun_ns_; }

  /// \param arm called before sleeping; false means that there is work after all
  /// \return true if it slept: a good moment to look after the neighbours' health
  template <class Arm>
  bool rest(int timeout_ms, Arm arm) noexcept {
    if (phase_ == Phase::armed) {
      sleep(timeout_ms);
      return true;
    }
    if (!ready_to_sleep()) return false;
    phase_ = Phase::armed;
    for (Bell* bell : bells_) bell->prepare_sleep();
    if (!arm()) wake();
    return false;
  }

 private:
  enum class Phase : std::uint8_t { busy, spinning, yielding, armed, slept };
  bool ready_to_sleep() noexcept;
  void tell_idle(std::uint64_t idle_ns) noexcept;
  void sleep(int timeout_ms) noexcept;
  void wake() noexcept;

  WaitPolicy policy_;
  std::vector<Bell*> bells_;
  std::vector<pollfd> polled_;
  Phase phase_ = Phase::busy;
  std::uint64_t since_ns_ = 0;
  std::uint64_t spun_ns_ = 0;
  std::uint64_t spun_before_ns_ = 0;  ///< when this spell began
  std::uint32_t yields_ = 0;
  bool told_idle_ = false;
};

}  // namespace buddy::arena
