// The result of a run, for people and for `buddy bench`.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/details.hpp"

namespace buddy {
class Comm;
struct Stats;
}  // namespace buddy

namespace workloads {

/// How messages travel.
enum class Method {
  buddy,      ///< as messages of the library, in the placement it was started with
  alltoallv,  ///< bulk-synchronously, by MPI alone
};

/// The placement whose engines are an emulated DPU.
inline constexpr std::string_view placement_dpu = "dpu";

/// One run's figures, sums over all ranks. What was not measured is empty and reported as null.
struct RunResult {
  std::string workload;
  std::string placement;  ///< host, shared, engine, dpu or alltoallv
  std::string fabric;     ///< shm, ucx or mpi
  std::string routing;    ///< direct, node, grid or mpi
  int ranks = 0;
  int nodes = 0;
  int workers = 0;
  double seconds = 0;  ///< the slowest rank's
  std::uint64_t messages = 0;
  std::uint64_t payload_bytes = 0;
  std::optional<std::uint64_t> wire_bytes;
  std::optional<double> host_cpu_seconds;
  std::optional<double> host_run_delay_seconds;
  std::optional<double> engine_cpu_seconds;
  bool verified = false;
  Details details;

  bool is_emulated() const { return placement == placement_dpu; }
};

/// Placement, fabric, routing, ranks, nodes and workers of \p comm.
RunResult describe_run(const buddy::Comm& comm);
/// Collective: the same for a run by MPI alone; a node is a machine.
RunResult describe_run(MPI_Comm comm);

/// Adds the counters of the timed region: messages, bytes, CPU times.
void add_stats(RunResult& result, const buddy::Stats& stats);

/// Collective: prints one line and writes the JSON object to the file named by BUDDY_RESULT_FILE
/// (both on rank 0). \return the exit code: 1 if the answer was wrong. Errors: JobError.
int report(RunResult result, MPI_Comm comm);

/// User and system CPU time of this process, seconds.
double process_cpu_seconds();

/// Collective: the largest, or the sum, of a value per rank, on every rank.
double max_over_ranks(double value, MPI_Comm comm);
double sum_over_ranks(double value, MPI_Comm comm);
std::uint64_t sum_over_ranks(std::uint64_t value, MPI_Comm comm);

}  // namespace workloads
