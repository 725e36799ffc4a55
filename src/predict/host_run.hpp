// What the models know about a run in host placement.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace buddy::predict {

/// CPU time of ranks, by what it was spent on, seconds.
struct RankWork {
  double application = 0;  ///< the program's own code
  double handlers = 0;     ///< the program's handlers
  double buddy = 0;        ///< handing on and taking in
  double engine = 0;       ///< routing
  double network = 0;      ///< the network's library and the kernel below it
  double mpi = 0;          ///< collectives
  double waiting = 0;      ///< spinning

  double sum() const { return application + handlers + buddy + engine + network + mpi + waiting; }
};

RankWork operator+(const RankWork& a, const RankWork& b);

/// One run of a program in host placement, as `buddy profile` saw its region of interest.
struct HostRun {
  double seconds = 0;  ///< wall time, the slowest rank's
  int host_cpus = 1;   ///< that the ranks may use
  int nodes = 1;
  std::vector<RankWork> ranks;
  double messages = 0;
  double payload_bytes = 0;
  double block_bytes = 0;     ///< handed to engines by ranks
  double wire_bytes = 0;      ///< from node to node, counted each time
  double forwards = 0;        ///< of a message, on average: engines that it passes on its way
  double blocks = 0;          ///< handed to engines by ranks
  double partial_blocks = 0;  ///< of those, published although they were not full
  double barriers = 0;
  std::optional<double> memory_to_communication_ratio;

  RankWork total() const;
  /// CPUs that the ranks keep busy.
  int busy_cpus() const;
  /// Share of the engines' work that somebody waits for, between 0 and 1: a rank that publishes a
  /// block that is not full has nothing else to do, and waits if none of the blocks on the way is
  /// full: its own, the engine's, and those of the answer. Any that is full says that there is
  /// other work.
  double awaited() const;
  /// Wall time in which those CPUs had nothing to do, seconds.
  double idle_seconds() const;
};

/// A run that stands for several of one program: the mean of every figure, so that its parts still
/// add up. The ratio is the first one's. \pre \p runs is not empty; all have as many ranks
HostRun mean_of(const std::vector<HostRun>& runs);

/// Splits the CPU time of a rank among activities by the wall time that each took: a rank that
/// shares its core is interrupted in all of them alike. \param cpu_seconds user and system \param
/// wall by activity, seconds; without time asleep
RankWork scale_to_cpu_time(const RankWork& wall, double cpu_seconds);

}  // namespace buddy::predict
