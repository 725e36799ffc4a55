// Random permutation of a sparse matrix's rows and columns: a message that looks something up where
// it arrives and goes on from there. In the manner of bale's permute_matrix, without its replies.
#include <buddy/buddy.hpp>
#include <complex>
#include <optional>

#include "common/matrix_compare.hpp"
#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "common/rounds.hpp"
#include "permute/formula.hpp"
#include "permute/options.hpp"
#include "permute/permute.hpp"
#include "permute/verify.hpp"

namespace {

// What is timed begins with the second permutation of the process: the first one pays for fresh
// memory.

namespace permute = workloads::permute;
using workloads::RunResult;

template <class Value>
RunResult run(const permute::Options& options, workloads::Input& source) {
  auto input = workloads::load<Value>(source, MPI_COMM_WORLD);
  buddy::Comm comm(MPI_COMM_WORLD);
  const workloads::BlockDistribution& rows = input.matrix.row_blocks;
  const workloads::BlockDistribution columns(input.matrix.columns, comm.size());
  const permute::Formula formula(rows.rows(), columns.rows(), options.matrix.generated.seed);
  const auto there = make_lists(formula, permute::Direction::forward, rows, columns, comm.rank());
  workloads::Work work(options.work);
  (void)permute::permute(comm, input.matrix, there, nullptr);
  std::optional<workloads::DistributedMatrix<Value>> last;
  RunResult result = workloads::timed_rounds(
      comm, options.rounds, [&] { last.reset(); },
      [&] { last = permute::permute(comm, input.matrix, there, &work); });
  const auto& permuted = *last;
  const bool matches = permute::matches_formula(comm.mpi_comm(), input, formula, permuted);
  const bool worked = workloads::all_work_done(work, result.messages, comm.mpi_comm());
  const auto back = make_lists(formula, permute::Direction::back, rows, columns, comm.rank());
  auto twice = permute::permute(comm, permuted, back, nullptr);
  const bool same = workloads::same_rows(comm.mpi_comm(), input.matrix, twice);
  result.verified = matches && same && worked;
  result.details["answer_checksum"] =
      workloads::sum_over_ranks(workloads::checksum(permuted, false), comm.mpi_comm());
  result.details["nonzeros"] = input.nonzeros;
  return result;
}

RunResult run_field(const permute::Options& options, workloads::Input& source) {
  switch (source.header.field) {
    case workloads::Field::real: return run<double>(options, source);
    case workloads::Field::complex: return run<std::complex<double>>(options, source);
    case workloads::Field::pattern: break;
  }
  return run<workloads::NoValue>(options, source);
}

int body(int argc, char** argv) {
  permute::Options options;
  if (const auto exit_code = permute::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  workloads::Input source = workloads::open_input(options.matrix, MPI_COMM_WORLD);
  RunResult result = run_field(options, source);
  result.workload = "permute";
  describe_input(options.matrix, source.header, result.details);
  result.details["seed"] = options.matrix.generated.seed;
  describe_work(options.work, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
