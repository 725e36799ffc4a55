// Doing the measured work several times, where once is too short to be timed: --rounds.
#pragma once

#include <mpi.h>

#include <buddy/buddy.hpp>
#include <cstdint>

#include "common/count.hpp"
#include "common/report.hpp"
#include "common/run_delay.hpp"
#include "common/timed.hpp"

namespace workloads {

/// Adds --rounds to \p app; \p rounds must outlive the parsing.
inline Option add_rounds(CommandLine& app, std::uint64_t& rounds) {
  return add_count(app, {"--rounds", "times that the measured work is done", 1, 1 << 20}, rounds);
}

/// Measured work that is done in several pieces; what prepares a piece is not part of the figures.
/// Collective: all members.
class MeasuredWork {
 public:
  explicit MeasuredWork(buddy::Comm& comm) : comm_(comm), before_(comm.stats_total()) {}

  /// Runs \p prepare, then \p body as the part of the program that matters. \return the slowest
  /// rank's time, seconds
  template <class Prepare, class Body>
  double operator()(Prepare prepare, Body body) {
    prepare();
    comm_.control_barrier();  // every rank is prepared before the first message arrives
    double mine = 0;
    timed(comm_, mine, run_delay_, [&] {  // looking at the clocks of the region is not the work
      const double cpu_start = process_cpu_seconds();
      body();
      cpu_seconds_ += process_cpu_seconds() - cpu_start;
    });
    const double slowest = max_over_ranks(mine, comm_.mpi_comm());
    seconds_ += slowest;
    return slowest;
  }

  /// Figures of all pieces so far. \param rounds that they were
  RunResult result(std::uint64_t rounds) const {
    RunResult result = describe_run(comm_);
    result.seconds = seconds_;
    add_stats(result, comm_.stats_total() - before_);
    // Stats count the whole time of the process, and what lies between short rounds is much of it.
    // The engines' time stays that of the whole: their counters are up to 1 ms old.
    result.host_cpu_seconds = sum_over_ranks(cpu_seconds_, comm_.mpi_comm());
    run_delay_.add_to(result, comm_.mpi_comm());
    result.details["rounds"] = rounds;
    return result;
  }

 private:
  buddy::Comm& comm_;
  buddy::Stats before_;
  double seconds_ = 0;
  double cpu_seconds_ = 0;  ///< of this rank, in the pieces
  RunDelay run_delay_;      ///< likewise
};

/// Collective: runs \p body \p rounds times as the part of the program that matters, each time
/// after \p prepare. \return the figures of all rounds; seconds are the sum of the slowest rank's
template <class Prepare, class Body>
RunResult timed_rounds(buddy::Comm& comm, std::uint64_t rounds, Prepare prepare, Body body) {
  MeasuredWork work(comm);
  for (std::uint64_t round = 0; round < rounds; ++round) work(prepare, body);
  return work.result(rounds);
}

/// Collective: the same by MPI alone; messages and bytes are left to the caller.
template <class Prepare, class Body>
RunResult timed_rounds(MPI_Comm comm, std::uint64_t rounds, Prepare prepare, Body body) {
  RunResult result = describe_run(comm);
  double cpu_seconds = 0;
  RunDelay run_delay;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    prepare();
    MPI_Barrier(comm);
    run_delay.begin();
    const double cpu_start = process_cpu_seconds();
    const double start = MPI_Wtime();
    body();
    const double seconds = MPI_Wtime() - start;
    cpu_seconds += process_cpu_seconds() - cpu_start;
    run_delay.end();
    result.seconds += max_over_ranks(seconds, comm);
  }
  result.host_cpu_seconds = sum_over_ranks(cpu_seconds, comm);
  run_delay.add_to(result, comm);
  result.details["rounds"] = rounds;
  return result;
}

}  // namespace workloads
