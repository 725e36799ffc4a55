// Index gather: every rank fetches random entries of a distributed table, by a request and a reply.
// What a message causes is another message, sent by its handler.
#include <algorithm>
#include <buddy/buddy.hpp>

#include "common/huge_pages.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "indexgather/options.hpp"
#include "indexgather/run.hpp"
#include "indexgather/verify.hpp"

namespace {

namespace indexgather = workloads::indexgather;

workloads::HugeArray<std::uint64_t> fill_table(const indexgather::Options& options, MPI_Comm comm) {
  const workloads::BlockDistribution blocks(options.table, workloads::comm_size(comm));
  const int rank = workloads::comm_rank(comm);
  workloads::HugeArray<std::uint64_t> table(static_cast<std::size_t>(blocks.size(rank)));
  std::uint64_t index = blocks.first_row(rank);
  for (std::uint64_t& entry : table) entry = indexgather::table_entry(options.seed, index++);
  return table;
}

workloads::RunResult run(const indexgather::Options& options, const indexgather::Memory& memory,
                         workloads::Work& work) {
  if (options.method == workloads::Method::alltoallv) {
    return indexgather::run_alltoallv(MPI_COMM_WORLD, options, memory, work);
  }
  buddy::Comm comm(MPI_COMM_WORLD);
  return indexgather::run_buddy(comm, options, memory, work);
}

/// An answer's place among its rank's is 32 bits in a message.
void check_requests(const indexgather::Options& options) {
  const auto share =
      indexgather::Share::of(options.requests, 0, workloads::comm_size(MPI_COMM_WORLD));
  if (share.count <= std::uint64_t{1} << 32U) return;
  throw workloads::JobError(
      "too many requests (a rank can make 2^32 at most) start more ranks or make --requests "
      "smaller");
}

int body(int argc, char** argv) {
  indexgather::Options options;
  if (const auto exit_code = indexgather::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  check_requests(options);
  const auto share = indexgather::Share::of(options.requests, workloads::comm_rank(MPI_COMM_WORLD),
                                            workloads::comm_size(MPI_COMM_WORLD));
  const workloads::HugeArray<std::uint64_t> table = fill_table(options, MPI_COMM_WORLD);
  const workloads::HugeArray<std::uint64_t> answers(static_cast<std::size_t>(share.count));
  std::fill(answers.begin(), answers.end(), 0);
  workloads::Work work(options.work);
  workloads::RunResult result = run(options, {table, answers}, work);
  const auto check = indexgather::verify(MPI_COMM_WORLD, options, answers);
  const bool worked = workloads::all_work_done(work, result.messages, MPI_COMM_WORLD);
  result.workload = "indexgather";
  // A request and a reply each, no more: an answer that came twice would look right.
  result.verified =
      check.correct && worked && result.messages == 2 * options.requests * options.rounds;
  result.details["answer_checksum"] = check.answer_checksum;
  result.details["requests"] = options.requests;
  result.details["table_entries"] = options.table;
  result.details["prefetch"] = options.prefetch;
  result.details["seed"] = options.seed;
  describe_work(options.work, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
