// Waiting: spin briefly, then sleep.
#pragma once

#include <poll.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "arena/doorbell.hpp"
#include "arena/spin_limit.hpp"
#include "arena/yielder.hpp"

namespace buddy::arena {

/// However quiet it is, a sleep ends after so long: time to look after the neighbours' health. No
/// message waits for it, because whoever sends one rings.
inline constexpr int longest_sleep_ms = 100;

/// What sleeping has cost.
struct SleepCounts {
  std::uint64_t sleeps = 0;
  std::uint64_t wakeups = 0;  ///< of those, ended by a neighbour that rang
  std::uint64_t wake_ns = 0;  ///< from ringing until awake, all wakeups added up
  /// Ended by longest_sleep_ms alone although there was work: nobody rang, or not yet.
  std::uint64_t late = 0;
};

/// Waits for several doorbells and descriptors at once.
/// Call rest() whenever a look for work found nothing, reset() when it found some.
/// Going to sleep takes two calls, the first of which declares the doorbells ringable, so that the
/// look between them closes the race with neighbours (see Doorbell). Threads: the doorbells' owner.
class Idle {
 public:
  explicit Idle(const WaitPolicy& policy) : limit_(policy) {}

  void set_policy(const WaitPolicy& policy) noexcept { limit_.set_policy(policy); }
  /// What to wait for; doorbells must outlive this or the next watch(). Wakes if asleep.
  void watch(std::vector<Doorbell*> doorbells, const std::vector<int>& descriptors);

  void reset() noexcept {
    if (phase_ != Phase::busy) wake();
  }

  /// Time spent idle polling so far, without sleep and without what was given to
  /// others, ns.
  std::uint64_t spun_ns() const noexcept { return spun_ns_; }
  /// So far.
  const SleepCounts& sleep_counts() const noexcept { return counts_; }

  static constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

  /// \param arm called before sleeping; false means that there is work after all
  /// \param limit_ns after which a sleep ends as well, because the caller has something to do then
  /// \return true if it slept: a good moment to look after the neighbours' health
  template <class Arm>
  bool rest(int timeout_ms, Arm arm, std::uint64_t limit_ns = no_limit) noexcept {
    if (phase_ == Phase::armed) {
      sleep(timeout_ms, limit_ns);
      return true;
    }
    if (!ready_to_sleep()) return false;
    phase_ = Phase::armed;
    for (Doorbell* doorbell : doorbells_) doorbell->prepare_sleep();
    if (!arm()) wake();
    return false;
  }

 private:
  enum class Phase : std::uint8_t { busy, spinning, yielding, armed, slept };
  bool ready_to_sleep() noexcept;
  void tell_idle(std::uint64_t idle_ns) noexcept;
  bool spin() noexcept;
  bool core_is_wanted(std::uint64_t now_ns) noexcept;
  void sleep(int timeout_ms, std::uint64_t limit_ns) noexcept;
  void count_sleep(std::uint64_t rung_ns) noexcept;
  void wake() noexcept;

  SpinLimit limit_;
  Yielder yielder_;
  std::vector<Doorbell*> doorbells_;
  std::vector<pollfd> polled_;
  Phase phase_ = Phase::busy;
  std::uint64_t since_ns_ = 0;         ///< when this spell began
  std::uint64_t spell_ns_ = 0;         ///< how long it may last
  std::uint64_t next_inquiry_ns_ = 0;  ///< when to ask whether somebody else wants the core
  std::uint64_t spun_ns_ = 0;
  std::uint64_t spun_before_ns_ = 0;  ///< before this spell
  SleepCounts counts_;
  std::uint32_t yields_ = 0;
  bool timed_out_ = false;  ///< the last sleep, after longest_sleep_ms and without a ring
  bool notified_idle_ = false;
};

}  // namespace buddy::arena
