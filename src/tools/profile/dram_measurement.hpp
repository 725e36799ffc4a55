// Memory traffic of a program, by whatever method there is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launch/job.hpp"
#include "measure/cache/cache_geometry.hpp"
#include "tools/profile/profile_report.hpp"

namespace buddy::tools {

/// What is to be measured, and how.
struct DramRequest {
  std::string method = "auto";  ///< auto, none, or a name of measure::dram_methods()
  launch::JobOptions job;
  std::vector<std::string> program;  ///< path and arguments; what counters of the hardware see
  /// The same program on a smaller problem, for the simulation; empty: the program as it is.
  std::vector<std::string> small_program{};
  std::uint64_t cache_divisor = 1;  ///< of this machine's last-level cache, where it is simulated
  std::optional<measure::CacheGeometry> cache{};       ///< to simulate instead of this machine's
  std::string described_cpu = measure::described_cpu;  ///< where this machine's is described
};

/// What was measured, on a run of its own.
struct DramMeasurement {
  MemoryTraffic traffic;             ///< of the run that was measured
  std::vector<std::string> program;  ///< that ran; empty if nothing did
  double messages = 0;               ///< in the region of interest, as payload bytes below
  double payload_bytes = 0;
  double remote_payload_bytes = 0;  ///< sent to other nodes
  int exit_code = 0;                ///< that a signal to this process asks for; 0 if none

  bool measured() const { return traffic.host_bytes || traffic.engine_bytes; }
};

/// Runs the program once under observation (twice where it marks no region of interest and is
/// simulated). A method that fails is no error: the figures are empty, the text says why, and auto
/// tries the next.
/// \param streams where the program's input and output go; its tick is called a few times a second
/// Threads: as run_job().
DramMeasurement measure_dram(const DramRequest& request, const launch::Launcher& launcher,
                             const launch::JobStreams& streams);

}  // namespace buddy::tools
