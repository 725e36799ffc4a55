// Triangle counting: many small messages that each search a list where they arrive. In the manner
// of bale's triangle, with pushes.
#include <buddy/buddy.hpp>

#include "common/graph.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "common/rounds.hpp"
#include "triangles/count.hpp"
#include "triangles/options.hpp"
#include "triangles/oriented_graph.hpp"
#include "triangles/verify.hpp"

namespace {

namespace triangles = workloads::triangles;
using workloads::RunResult;

RunResult run(const triangles::Options& options) {
  const workloads::Graph graph = workloads::load_graph(options.matrix, MPI_COMM_WORLD);
  const triangles::OrientedGraph oriented = triangles::orient(graph, MPI_COMM_WORLD);
  workloads::Work work(options.work);
  buddy::Comm comm(MPI_COMM_WORLD);
  triangles::Tally mine;
  RunResult result = workloads::timed_rounds(
      comm, options.rounds, [] {}, [&] { mine = triangles::count(comm, oriented, work); });
  const triangles::Tally found{workloads::sum_over_ranks(mine.triangles, comm.mpi_comm()),
                               workloads::sum_over_ranks(mine.checksum, comm.mpi_comm())};
  const bool worked = workloads::all_work_done(work, result.messages, comm.mpi_comm());
  result.verified = found == triangles::count_again(options.matrix, comm.mpi_comm()) && worked;
  result.details["answer_checksum"] = found.checksum;
  result.details["triangles"] = found.triangles;
  result.details["edges"] = workloads::count_edges(graph, comm.mpi_comm());
  const workloads::MatrixHeader header{graph.vertices(), graph.vertices(), {}};
  describe_input(options.matrix, header, result.details);
  return result;
}

int body(int argc, char** argv) {
  triangles::Options options;
  if (const auto exit_code = triangles::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  RunResult result = run(options);
  result.workload = "triangles";
  describe_work(options.work, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
