// A run beside which a hardware counter of memory traffic is read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "measure/dram/dram_meter.hpp"
#include "tools/profile/profiled_job.hpp"

namespace buddy::tools {

/// A counter at one moment.
struct DramSample {
  std::uint64_t ns = 0;  ///< CLOCK_MONOTONIC
  measure::DramReading reading{};
};

/// What a figure of the readings grew by between two moments, in proportion where a moment lies
/// between two samples. \pre samples in the order of time
/// \return nothing with fewer than two samples, or where the meter does not tell
std::optional<double> grown(const std::vector<DramSample>& samples, std::uint64_t begin_ns,
                            std::uint64_t end_ns,
                            std::optional<double> (*figure)(const measure::DramReading&));

/// One run and what was counted in its region of interest.
struct SampledRun {
  ProfiledJob job;
  double total_bytes = 0;  ///< of everything that the meter sees
  std::optional<double> host_bytes{};
  std::optional<double> engine_bytes{};
};

/// Starts \p meter, runs \p program, and reads the meter every 10 ms meanwhile.
/// Errors: those of the meter, of the job, and corrupt for a region that was not seen.
/// \param exit_code is set to the job's
Result<SampledRun> run_sampled(measure::DramMeter& meter, const launch::JobPlan& plan,
                               const launch::Launcher& launcher,
                               const std::vector<std::string>& program,
                               const launch::JobStreams& streams, int& exit_code);

}  // namespace buddy::tools
