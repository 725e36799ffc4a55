// Distributed sparse-matrix transpose: one message per nonzero to the owner of its new row, then
// local sorting into rows. A message costs real work where it arrives.
#include <buddy/buddy.hpp>
#include <complex>
#include <cstdint>
#include <optional>

#include "common/matrix_compare.hpp"
#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "common/rounds.hpp"
#include "transpose/options.hpp"
#include "transpose/transpose.hpp"
#include "transpose/verify.hpp"

namespace {

namespace transpose = workloads::transpose;
using workloads::RunResult;

// What is timed begins with the second transposition of the process: the first one pays for fresh
// memory, in a virtual machine more than for the transposition, and differently every time.

/// Transposes, checks, transposes back and compares.
template <class Value, class Transpose>
void verify(RunResult& result, workloads::LoadedMatrix<Value>& input,
            const workloads::DistributedMatrix<Value>& transposed, Transpose transpose_again) {
  const bool matches = transpose::matches_input(MPI_COMM_WORLD, input, transposed);
  auto twice = transpose_again(transposed);
  result.verified = workloads::same_rows(MPI_COMM_WORLD, input.matrix, twice) && matches;
  result.details["answer_checksum"] =
      workloads::sum_over_ranks(workloads::checksum(transposed, false), MPI_COMM_WORLD);
}

template <class Value>
RunResult run_buddy(workloads::LoadedMatrix<Value>& input, std::uint64_t rounds,
                    workloads::Work& work) {
  buddy::Comm comm(MPI_COMM_WORLD);
  (void)transpose::transpose(comm, input.matrix, nullptr);
  std::optional<workloads::DistributedMatrix<Value>> transposed;
  RunResult result = workloads::timed_rounds(
      comm, rounds, [&] { transposed.reset(); },
      [&] { transposed = transpose::transpose(comm, input.matrix, &work); });
  verify(result, input, *transposed,
         [&](const auto& matrix) { return transpose::transpose(comm, matrix, nullptr); });
  return result;
}

template <class Value>
RunResult run_alltoallv(workloads::LoadedMatrix<Value>& input, std::uint64_t rounds,
                        workloads::Work& work) {
  const MPI_Comm comm = MPI_COMM_WORLD;
  std::optional transposed = transpose::transpose(comm, input.matrix, nullptr);
  RunResult result = workloads::timed_rounds(
      comm, rounds, [&] { transposed.reset(); },
      [&] { transposed = transpose::transpose(comm, input.matrix, &work); });
  result.messages = rounds * input.nonzeros;
  result.payload_bytes = result.messages * sizeof(workloads::Entry<Value>);
  verify(result, input, *transposed,
         [&](const auto& matrix) { return transpose::transpose(comm, matrix, nullptr); });
  return result;
}

template <class Value>
RunResult run(const transpose::Options& options, workloads::Input& source) {
  auto input = workloads::load<Value>(source, MPI_COMM_WORLD);
  workloads::Work work(options.work);
  RunResult result = options.method == workloads::Method::alltoallv
                         ? run_alltoallv(input, options.rounds, work)
                         : run_buddy(input, options.rounds, work);
  const bool worked = workloads::all_work_done(work, result.messages, MPI_COMM_WORLD);
  result.verified = result.verified && worked;
  result.details["nonzeros"] = input.nonzeros;
  return result;
}

RunResult run_field(const transpose::Options& options, workloads::Input& source) {
  switch (source.header.field) {
    case workloads::Field::real: return run<double>(options, source);
    case workloads::Field::complex: return run<std::complex<double>>(options, source);
    case workloads::Field::pattern: break;
  }
  return run<workloads::NoValue>(options, source);
}

int body(int argc, char** argv) {
  transpose::Options options;
  if (const auto exit_code = transpose::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  workloads::Input source = workloads::open_input(options.matrix, MPI_COMM_WORLD);
  RunResult result = run_field(options, source);
  result.workload = "transpose";
  describe_input(options.matrix, source.header, result.details);
  describe_work(options.work, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
