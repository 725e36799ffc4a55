// Which part of a program is counted when its processes run in valgrind's cache simulation.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/status.hpp"

namespace buddy {

/// Ranks count in their regions of interest; an engine process counts while any rank is in one.
/// That number is a word in a file that all processes of the job map, in the directory of profiles,
/// because a simulated engine can know of a region neither by its messages nor by its time.
/// Whether a thread counts is the thread's own state (callgrind's), which starts as "no".
/// Threads: begin() and end() from the thread whose work counts, follow() from another process's.
class SimulatedRegion {
 public:
  /// \return nullptr unless callgrind's interface was there at build time, valgrind runs this
  /// process, and BUDDY_PROFILE_DIR names a directory
  static std::unique_ptr<SimulatedRegion> create();
  /// Errors: system when the file cannot be made or mapped.
  static Result<std::unique_ptr<SimulatedRegion>> open(const std::string& folder);
  ~SimulatedRegion();
  SimulatedRegion(const SimulatedRegion&) = delete;
  SimulatedRegion& operator=(const SimulatedRegion&) = delete;

  /// This thread counts from here on, and is one more that is in a region.
  void begin() noexcept;
  void end() noexcept;
  /// Counts in this thread from here on if and only if a rank is in a region.
  void follow() noexcept;
  /// Ranks that are in a region.
  std::uint64_t inside() const noexcept { return inside_.load(std::memory_order_relaxed); }

 private:
  explicit SimulatedRegion(std::atomic<std::uint64_t>& inside) : inside_(inside) {}

  std::atomic<std::uint64_t>& inside_;  ///< shared by all processes of the job
  bool counting_ = false;
};

}  // namespace buddy
