// What a thread spends its time on: a clock with one hand per activity.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "base/processor.hpp"

namespace buddy {

enum class Activity : std::uint32_t {
  application,  ///< the program's own code
  handlers,     ///< the program's handlers, and walking through the blocks that hold their messages
  buddy,        ///< handing blocks on, taking them in
  engine,       ///< routing
  network,      ///< the network's library, and the kernel below it
  waiting,      ///< nothing to do, awake
  asleep,       ///< nothing to do, the core given to others
  mpi,          ///< collectives
  count_        ///< number of activities
};

inline constexpr std::size_t activity_count = static_cast<std::size_t>(Activity::count_);

inline constexpr std::array<std::string_view, activity_count> activity_names = {
    "application", "handlers", "buddy", "engine", "network", "waiting", "asleep", "mpi"};

/// A counter of the processor that runs at a constant rate; the unit is not known.
inline std::uint64_t read_ticks() noexcept {
  if constexpr (has_tick_counter) return read_tick_counter();
  return monotonic_ns();
}

/// Adds up the ticks of each activity; exactly one is under way at any time.
/// Invariant: the sum over all activities is the time since the clock was made.
/// Time in which the thread was not running although it could have belongs to the activity that was
/// interrupted: divide by CPU time where cores are shared.
/// Threads: its own. Cost of a change: reading the tick counter, some 10 ns.
class ActivityClock {
 public:
  using Ticks = std::array<std::uint64_t, activity_count>;

  ActivityClock() noexcept : changed_(read_ticks()) {}

  /// \return the activity that was under way
  Activity change_to(Activity next) noexcept {
    const std::uint64_t now = read_ticks();
    ticks_[static_cast<std::size_t>(current_)] += now - changed_;
    changed_ = now;
    const Activity before = current_;
    current_ = next;
    return before;
  }
  /// What has passed since the last change belongs to \p activity instead.
  void relabel(Activity activity) noexcept { current_ = activity; }

  /// Sums so far.
  const Ticks& read() noexcept {
    change_to(current_);
    return ticks_;
  }

 private:
  Ticks ticks_{};
  std::uint64_t changed_;
  Activity current_ = Activity::application;
};

/// The calling thread's clock while it is being profiled, else nullptr.
extern constinit thread_local ActivityClock* activity_clock;

/// An activity for the life of the scope, then the one before again. Without a clock: a load and a
/// branch.
class ActivityScope {
 public:
  explicit ActivityScope(Activity activity) noexcept : clock_(activity_clock) {
    if (clock_ != nullptr) before_ = clock_->change_to(activity);
  }
  ActivityScope(const ActivityScope&) = delete;
  ActivityScope& operator=(const ActivityScope&) = delete;
  ~ActivityScope() {
    if (clock_ != nullptr) clock_->change_to(before_);
  }
  /// The time since the scope began, or since an inner one ended, belongs to \p activity instead.
  void relabel(Activity activity) noexcept {
    if (clock_ != nullptr) clock_->relabel(activity);
  }

 private:
  ActivityClock* clock_;
  Activity before_ = Activity::application;
};

}  // namespace buddy
