// A core that takes longer: what a worker of an emulated DPU runs on.
#pragma once

#include <cstdint>

namespace buddy::engine {

/// After a unit of work, keeps the thread busy until the work has taken \p slowdown times its CPU
/// time. So rate, latency and CPU use are those of a slower core; and where several such threads
/// share a core, those of a slower shared core.
/// CPU time, not time: what others do meanwhile on this core is not this thread's work. Looking at
/// it is a system call of up to 2 us, which would slow down single messages more than asked for. So
/// a short unit after an idle moment is timed by the clock that costs tens of nanoseconds, and
/// units in a row, where an interruption is likely, by CPU time.
/// Threads: the one that works.
class SlowCore {
 public:
  /// Measures what it costs to look at the clock. \param slowdown 1 and more; 1: does nothing
  explicit SlowCore(double slowdown);

  bool slows() const noexcept { return slowdown_ > 1; }
  /// Before a unit of work.
  void begin() noexcept;
  /// After it.
  void end() noexcept;

 private:
  void end_by_cpu_time(std::uint64_t passed) noexcept;
  std::uint64_t idle(std::uint64_t now, std::uint64_t worked,
                     std::uint64_t (*clock)() noexcept) noexcept;

  double slowdown_;
  std::uint64_t look_ns_ = 0;      ///< for one look at the clock
  std::uint64_t cpu_look_ns_ = 0;  ///< for one at the CPU time
  std::uint64_t began_ns_ = 0;     ///< by the clock, of a unit that is not in a row
  std::uint64_t cpu_seen_ns_ = 0;  ///< CPU time when it was last looked at
  bool cpu_is_seen_ = false;       ///< at the end of the last unit
  bool ended_ = false;             ///< there was work in the last unit
  bool in_a_row_ = false;          ///< and this one follows it
  std::int64_t surplus_ns_ = 0;    ///< idled too long so far; the next unit pays it back
};

}  // namespace buddy::engine
