// A core that takes longer: what a worker of an emulated DPU runs on.
#pragma once

#include <cstdint>

namespace buddy::engine {

/// After a unit of work, keeps the thread busy until the work has taken \p slowdown times its CPU
/// time. So rate, latency and CPU use are those of a slower core; and where several such threads
/// share a core, those of a slower shared core.
/// CPU time, not time: what others do meanwhile on this core is not this thread's work.
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
  double slowdown_;
  std::uint64_t look_ns_ = 0;    ///< of CPU time, for one look at the clock
  std::uint64_t began_ns_ = 0;   ///< CPU time
  std::int64_t surplus_ns_ = 0;  ///< idled too long so far; the next unit pays it back
};

}  // namespace buddy::engine
