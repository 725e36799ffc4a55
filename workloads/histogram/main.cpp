// Distributed histogram: fire-and-forget increments to random ranks, the hardest case for routing
// because a message is as small as it can be and costs next to nothing to handle.
#include <algorithm>
#include <buddy/buddy.hpp>

#include "common/huge_pages.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "histogram/options.hpp"
#include "histogram/run.hpp"
#include "histogram/verify.hpp"

namespace {

namespace histogram = workloads::histogram;

workloads::RunResult run(const histogram::Options& options, std::span<histogram::TableEntry> table,
                         workloads::Work& work) {
  if (options.method == workloads::Method::alltoallv) {
    return histogram::run_alltoallv(MPI_COMM_WORLD, options, table, work);
  }
  buddy::Comm comm(MPI_COMM_WORLD);
  return histogram::run_buddy(comm, options, table, work);
}

int body(int argc, char** argv) {
  histogram::Options options;
  if (const auto exit_code = histogram::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  const workloads::HugeArray<histogram::TableEntry> table(static_cast<std::size_t>(options.table));
  std::fill(table.begin(), table.end(), 0);
  workloads::Work work(options.work);
  workloads::RunResult result = run(options, table, work);
  const bool worked = workloads::all_work_done(work, result.messages, MPI_COMM_WORLD);
  const auto check = histogram::verify(MPI_COMM_WORLD, options, table);
  result.workload = "histogram";
  result.verified = check.correct && worked;
  result.details["check"] = check.method;
  result.details["answer_checksum"] = check.answer_checksum;
  result.details["updates_per_rank"] = options.updates;
  result.details["table_entries_per_rank"] = options.table;
  result.details["bytes_per_update"] = options.payload_bytes;
  result.details["prefetch"] = options.prefetch;
  result.details["seed"] = options.seed;
  describe_work(options.work, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
