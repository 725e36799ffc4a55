// What `buddy profile` learns from a rank.
#pragma once

#include <array>
#include <buddy/stats.hpp>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include "base/counters.hpp"
#include "instrument/activity.hpp"
#include "instrument/simulated_region.hpp"

namespace buddy::comm {

/// Who is being profiled.
struct ProfiledRank {
  std::uint32_t rank = 0;
  std::uint32_t ranks = 0;
  std::uint32_t node = 0;
  std::uint32_t nodes = 0;
  std::string host;
  std::uint32_t agent = 0;         ///< that serves this rank
  bool is_representative = false;  ///< this rank speaks for its agent
  bool embedded = false;           ///< the agent is part of this process
  std::uint32_t workers = 0;       ///< of its engine process
  std::string fabric;
  std::string routing;
  std::uint64_t block_capacity_bytes = 0;
  std::uint64_t ring_blocks = 0;  ///< that a ring between engines holds; 0: by distance
  std::uint64_t hold_us = 0;
};

/// Everything that grows, at one moment.
struct ProfileSample {
  std::uint64_t ns = 0;  ///< CLOCK_MONOTONIC
  std::uint64_t user_ns = 0;
  std::uint64_t system_ns = 0;
  std::optional<std::uint64_t> run_delay_ns{};  ///< of the rank's thread, if the kernel tells
  ActivityClock::Ticks ticks{};
  Stats stats;
  std::array<std::uint64_t, counter_count> counters{};  ///< of the agent
};

/// Adds up what a communicator does in its regions of interest, and writes it to a file in the
/// directory named by BUDDY_PROFILE_DIR (docs/formats/rank_profile.md).
/// Invariant: without begin() and end() the region is the life of the profiler.
/// Threads: the rank's, whose activity clock it starts.
class Profiler {
 public:
  /// Fills in what only the communicator knows: stats and counters.
  using Look = std::function<void(ProfileSample&)>;

  /// \return nullptr if nobody wants a profile
  static std::unique_ptr<Profiler> create(ProfiledRank rank, Look look);
  Profiler(std::string path, ProfiledRank rank, Look look);
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;
  ~Profiler();

  /// A region begins, or ends; regions in regions count once.
  void begin();
  void end();
  /// The program is done: closes what is open and writes the file. Complains on stderr if it
  /// cannot.
  void finish();

 private:
  ProfileSample sample() const;
  void add(const ProfileSample& from, const ProfileSample& to);
  std::array<std::uint64_t, activity_count> activity_ns() const;
  void write() const;
  void write_rank(std::ostream& out) const;
  void write_region(std::ostream& out) const;

  std::string path_;
  ProfiledRank rank_;
  Look look_;
  std::unique_ptr<SimulatedRegion> simulated_;  ///< if valgrind runs this rank
  ProfileSample made_;
  ProfileSample begun_;
  int depth_ = 0;
  bool marked_ = false;  ///< the program has marked a region
  std::uint64_t first_begin_ns_ = 0;
  std::uint64_t last_end_ns_ = 0;
  ProfileSample sum_;  ///< differences
};

}  // namespace buddy::comm
