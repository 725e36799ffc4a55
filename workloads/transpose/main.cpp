// Distributed sparse-matrix transpose: one message per nonzero to the owner of its new row, then
// local sorting into rows. A message costs real work where it arrives.
#include <buddy/buddy.hpp>
#include <complex>

#include "common/program.hpp"
#include "common/report.hpp"
#include "transpose/input.hpp"
#include "transpose/options.hpp"
#include "transpose/transpose.hpp"
#include "transpose/verify.hpp"

namespace {

namespace transpose = workloads::transpose;
using workloads::RunResult;

// What is timed is the second transposition of the process: the first one pays for fresh memory, in
// a virtual machine more than for the transposition, and differently every time.

/// Transposes, checks, transposes back and compares.
template <class Value, class Transpose>
bool verify(transpose::LoadedMatrix<Value>& input,
            const transpose::DistributedMatrix<Value>& transposed, Transpose transpose_again) {
  const bool matches = transpose::matches_input(MPI_COMM_WORLD, input, transposed);
  auto twice = transpose_again(transposed);
  return transpose::same_rows(MPI_COMM_WORLD, input.matrix, twice) && matches;
}

template <class Value>
RunResult run_buddy(transpose::LoadedMatrix<Value>& input) {
  buddy::Comm comm(MPI_COMM_WORLD);
  (void)transpose::transpose(comm, input.matrix);
  const buddy::Stats before = comm.stats_total();
  comm.control_barrier();
  const double start = MPI_Wtime();
  const auto transposed = transpose::transpose(comm, input.matrix);
  const double seconds = MPI_Wtime() - start;

  RunResult result = workloads::describe_run(comm);
  add_stats(result, comm.stats_total() - before);
  result.seconds = workloads::max_over_ranks(seconds, comm.mpi_comm());
  result.verified = verify(input, transposed,
                           [&](const auto& matrix) { return transpose::transpose(comm, matrix); });
  return result;
}

template <class Value>
RunResult run_alltoallv(transpose::LoadedMatrix<Value>& input) {
  const MPI_Comm comm = MPI_COMM_WORLD;
  (void)transpose::transpose(comm, input.matrix);
  MPI_Barrier(comm);
  const double cpu_start = workloads::process_cpu_seconds();
  const double start = MPI_Wtime();
  const auto transposed = transpose::transpose(comm, input.matrix);
  const double seconds = MPI_Wtime() - start;
  const double cpu_seconds = workloads::process_cpu_seconds() - cpu_start;

  RunResult result = workloads::describe_run(comm);
  result.seconds = workloads::max_over_ranks(seconds, comm);
  result.messages = input.nonzeros;
  result.payload_bytes = input.nonzeros * sizeof(transpose::Entry<Value>);
  result.host_cpu_seconds = workloads::sum_over_ranks(cpu_seconds, comm);
  result.verified = verify(input, transposed,
                           [&](const auto& matrix) { return transpose::transpose(comm, matrix); });
  return result;
}

template <class Value>
RunResult run(const transpose::Options& options, transpose::Input& source) {
  auto input = transpose::load<Value>(source, MPI_COMM_WORLD);
  RunResult result =
      options.method == workloads::Method::alltoallv ? run_alltoallv(input) : run_buddy(input);
  result.details["nonzeros"] = input.nonzeros;
  return result;
}

RunResult run_field(const transpose::Options& options, transpose::Input& source) {
  switch (source.header.field) {
    case workloads::Field::real: return run<double>(options, source);
    case workloads::Field::complex: return run<std::complex<double>>(options, source);
    case workloads::Field::pattern: break;
  }
  return run<transpose::NoValue>(options, source);
}

void describe_input(const transpose::Options& options, const workloads::MatrixHeader& header,
                    nlohmann::json& details) {
  details["rows"] = header.rows;
  details["columns"] = header.columns;
  details["field"] = field_name(header.field);
  details["input"] = options.input.value_or("kronecker");
  if (options.input) return;
  details["scale"] = options.generated.scale;
  details["edge_factor"] = options.generated.edge_factor;
  details["seed"] = options.generated.seed;
}

int body(int argc, char** argv) {
  transpose::Options options;
  if (const auto exit_code = transpose::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  transpose::Input source = transpose::open_input(options, MPI_COMM_WORLD);
  RunResult result = run_field(options, source);
  result.workload = "transpose";
  describe_input(options, source.header, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
