// Latency: how long an empty barrier takes, and a message with its reply. What a program feels that
// sends little and waits for it.
#include <buddy/buddy.hpp>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "common/count.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "common/timed.hpp"

namespace {

std::uint64_t replies = 0;

struct Reply {
  void operator()() const noexcept { ++replies; }
};

struct Request {
  int from;
  void operator()(buddy::Comm& comm) const { comm.async(from, Reply{}); }
};

struct Options {
  std::uint64_t rounds = 20000;
};

double barrier_seconds(buddy::Comm& comm, std::uint64_t rounds) {
  comm.barrier();
  const double start = MPI_Wtime();
  for (std::uint64_t k = 0; k < rounds; ++k) comm.barrier();
  return (MPI_Wtime() - start) / static_cast<double>(rounds);
}

/// Rank 0 asks the last rank, which is itself when it is alone, and waits for the reply.
double round_trip_seconds(buddy::Comm& comm, std::uint64_t rounds) {
  const int partner = comm.size() - 1;
  comm.barrier();
  const double start = MPI_Wtime();
  if (comm.rank() == 0) {
    for (std::uint64_t k = 1; k <= rounds; ++k) {
      comm.async(partner, Request{0});
      comm.wait_until([k] { return replies >= k; });
    }
  }
  const double seconds = (MPI_Wtime() - start) / static_cast<double>(rounds);
  comm.barrier();
  double of_rank_0 = seconds;
  comm.broadcast(of_rank_0, 0);
  return of_rank_0;
}

workloads::RunResult measure(buddy::Comm& comm, std::uint64_t rounds) {
  workloads::RunResult result = workloads::describe_run(comm);
  const buddy::Stats before = comm.stats_total();
  double seconds = 0;
  workloads::RunDelay run_delay;
  const auto [barrier, round_trip] = workloads::timed(comm, seconds, run_delay, [&] {
    const double empty_barrier = barrier_seconds(comm, rounds);
    return std::pair(empty_barrier, round_trip_seconds(comm, rounds));
  });
  result.seconds = workloads::max_over_ranks(seconds, comm.mpi_comm());
  const buddy::Stats stats = comm.stats_total() - before;
  workloads::add_stats(result, stats);
  run_delay.add_to(result, comm.mpi_comm());
  result.workload = "latency";
  result.details["rounds"] = rounds;
  result.details["barrier_us"] = barrier * 1e6;
  result.details["round_trip_us"] = round_trip * 1e6;
  // Every request had one reply, and nothing else was sent.
  const bool all_came = comm.rank() != 0 || replies == rounds;
  result.verified = comm.all_reduce_min(all_came ? 1 : 0) == 1 &&
                    stats.messages_sent == 2 * rounds && stats.messages_handled == 2 * rounds;
  if (comm.rank() == 0) {
    std::printf("latency: empty barrier %.2f us, message and reply %.2f us\n", barrier * 1e6,
                round_trip * 1e6);
  }
  return result;
}

int body(int argc, char** argv) {
  Options options;
  workloads::CommandLine app(
      {.program = "buddy-latency",
       .description =
           "Measures an empty barrier, and a message from rank 0 to the last rank with its reply.",
       .examples = "Example: buddy run -n 2 -- buddy-latency --rounds 20000"});
  workloads::add_count(app, {"--rounds", "barriers, and messages with replies", 1, 100'000'000},
                       options.rounds);
  if (const auto exit_code = app.parse(argc, argv, MPI_COMM_WORLD)) {
    return *exit_code;
  }
  buddy::Comm comm(MPI_COMM_WORLD);
  return workloads::report(measure(comm, options.rounds), comm.mpi_comm());
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
