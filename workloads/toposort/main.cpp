// Topological sort of a shuffled triangular matrix: messages that cause messages, to the end of
// which only quiescence leads. In the manner of bale's toposort.
#include <buddy/buddy.hpp>

#include "common/program.hpp"
#include "common/random.hpp"
#include "common/report.hpp"
#include "common/rounds.hpp"
#include "toposort/options.hpp"
#include "toposort/shuffled_matrix.hpp"
#include "toposort/sort.hpp"
#include "toposort/verify.hpp"

namespace {

namespace toposort = workloads::toposort;
using workloads::RunResult;

std::uint64_t checksum(const toposort::Order& order, std::uint64_t first_row, MPI_Comm comm) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < order.rows.size(); ++i) {
    sum += workloads::mix64(workloads::stream_key(1, first_row + i) + order.rows[i]);
    sum += workloads::mix64(workloads::stream_key(2, first_row + i) + order.columns[i]);
  }
  return workloads::sum_over_ranks(sum, comm);
}

RunResult run(const toposort::Options& options) {
  auto matrix = toposort::load_shuffled(options.matrix, MPI_COMM_WORLD);
  workloads::Work work(options.work);
  buddy::Comm comm(MPI_COMM_WORLD);
  const std::vector<toposort::RowState> rows = matrix.rows;
  toposort::Order order;
  RunResult result = workloads::timed_rounds(
      comm, options.rounds,
      [&] {
        order = {};
        matrix.rows = rows;
      },
      [&] { order = toposort::sort(comm, matrix, work); });
  const bool worked = workloads::all_work_done(work, result.messages, comm.mpi_comm());
  result.verified =
      toposort::is_sorted(comm.mpi_comm(), options.matrix, matrix.blocks, order) && worked;
  result.details["answer_checksum"] =
      checksum(order, matrix.blocks.first_row(comm.rank()), comm.mpi_comm());
  result.details["nonzeros"] = matrix.nonzeros;
  result.details["levels"] = order.levels;
  const workloads::MatrixHeader header{matrix.blocks.rows(), matrix.blocks.rows(), {}};
  describe_input(options.matrix, header, result.details);
  return result;
}

int body(int argc, char** argv) {
  toposort::Options options;
  if (const auto exit_code = toposort::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  RunResult result = run(options);
  result.workload = "toposort";
  result.details["seed"] = options.matrix.generated.seed;
  describe_work(options.work, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
