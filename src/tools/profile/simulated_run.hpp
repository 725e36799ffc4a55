// A run whose ranks and engines valgrind executes, with a simulated last-level cache for each.
#pragma once

#include <optional>
#include <string>

#include "measure/dram/dram_cachegrind.hpp"
#include "tools/profile/profiled_job.hpp"

namespace buddy::tools {

/// One run and the misses of its region of interest.
struct SimulatedRun {
  ProfiledJob job;
  measure::Counted counted = measure::Counted::region;
  measure::CacheMisses ranks{};
  std::optional<measure::CacheMisses> engines{};  ///< empty without engine processes
};

/// Runs \p program, ranks and engines (not the MPI launcher) each in a valgrind of its own. If the
/// program marks no region of interest it is run a second time, and all of each process is counted.
/// Errors: those of the job; system if valgrind is missing; corrupt if a process left no result.
/// \param exit_code is set to the job's
Result<SimulatedRun> run_simulated(const measure::CacheGeometry& cache, const launch::JobPlan& plan,
                                   const launch::Launcher& launcher,
                                   const std::vector<std::string>& program,
                                   const launch::JobStreams& streams, int& exit_code);

}  // namespace buddy::tools
