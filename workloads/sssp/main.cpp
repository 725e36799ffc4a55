// Single-source shortest paths: relaxations, each of which may cause others. In the manner of
// bale's sssp, with pushes.
#include <algorithm>
#include <bit>
#include <buddy/buddy.hpp>
#include <vector>

#include "common/huge_pages.hpp"
#include "common/program.hpp"
#include "common/random.hpp"
#include "common/report.hpp"
#include "common/rounds.hpp"
#include "sssp/options.hpp"
#include "sssp/search.hpp"
#include "sssp/verify.hpp"
#include "sssp/weighted_graph.hpp"

namespace {

namespace sssp = workloads::sssp;
using workloads::RunResult;

/// What is searched, and what was found.
struct Problem {
  sssp::WeightedGraph graph;
  std::uint32_t source;
  workloads::HugeArray<sssp::Vertex> vertices;  ///< of this rank
  std::uint64_t search_rounds = 0;              ///< of the last search
  std::uint64_t relaxations = 0;                ///< that arrived on this rank, in all searches

  sssp::Search begin(workloads::Work& work) {
    std::fill(vertices.begin(), vertices.end(), sssp::Vertex());
    return {&graph, {vertices.data(), vertices.size()}, &work};
  }
  void end(const sssp::Search& search, std::uint64_t rounds) {
    relaxations += search.relaxations;
    search_rounds = rounds;
  }
};

RunResult run_buddy(const sssp::Options& options, Problem& problem, workloads::Work& work) {
  buddy::Comm comm(MPI_COMM_WORLD);
  sssp::Search search;
  return workloads::timed_rounds(
      comm, options.rounds, [&] { search = problem.begin(work); },
      [&] {
        const std::uint64_t rounds = options.method == sssp::Method::cascade
                                         ? search_by_cascade(comm, search, problem.source)
                                         : search_by_rounds(comm, search, problem.source);
        problem.end(search, rounds);
      });
}

RunResult run_alltoallv(const sssp::Options& options, Problem& problem, workloads::Work& work) {
  const MPI_Comm comm = MPI_COMM_WORLD;
  sssp::Search search;
  RunResult result = workloads::timed_rounds(
      comm, options.rounds, [&] { search = problem.begin(work); },
      [&] { problem.end(search, search_by_alltoallv(comm, search, problem.source)); });
  result.messages = workloads::sum_over_ranks(problem.relaxations, comm);
  result.payload_bytes = 16 * result.messages;
  return result;
}

/// The same on every rank, and however many ranks there are.
std::uint64_t checksum(const std::vector<double>& distances, std::uint64_t first_vertex) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < distances.size(); ++i) {
    sum += workloads::mix64(workloads::stream_key(1, first_vertex + i) +
                            std::bit_cast<std::uint64_t>(distances[i]));
  }
  return workloads::sum_over_ranks(sum, MPI_COMM_WORLD);
}

/// Checks the distances, and that as many relaxations arrived as were sent.
void verify(const sssp::Options& options, const Problem& problem, RunResult& result) {
  std::vector<double> distances;
  for (const sssp::Vertex& vertex : problem.vertices) distances.push_back(vertex.distance);
  const auto check =
      sssp::verify(MPI_COMM_WORLD, options, problem.graph.blocks, problem.source, distances);
  const std::uint64_t arrived = workloads::sum_over_ranks(problem.relaxations, MPI_COMM_WORLD);
  result.verified = check.correct && arrived == result.messages;
  result.details["answer_checksum"] = checksum(distances, problem.graph.first_vertex);
  result.details["reached_vertices"] = check.reached;
  result.details["farthest"] = check.farthest;
  result.details["checked_by_dijkstra"] = check.by_dijkstra;
}

void describe(const sssp::Options& options, const Problem& problem, RunResult& result) {
  constexpr const char* methods[] = {"rounds", "cascade", "alltoallv"};
  result.details["method"] = methods[static_cast<int>(options.method)];
  result.details["source"] = problem.source;
  result.details["edges"] =
      workloads::sum_over_ranks(problem.graph.rows.nonzeros(), MPI_COMM_WORLD);
  if (problem.search_rounds > 0) result.details["search_rounds"] = problem.search_rounds;
  const std::uint64_t vertices = problem.graph.blocks.rows();
  describe_input(options.matrix, {vertices, vertices, workloads::Field::real}, result.details);
  result.details["weights"] = options.random_weights() ? "random" : "file";
  if (options.random_weights()) result.details["seed"] = options.matrix.generated.seed;
  describe_work(options.work, result.details);
}

int body(int argc, char** argv) {
  sssp::Options options;
  if (const auto exit_code = sssp::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  sssp::WeightedGraph graph = sssp::load_weighted(options, MPI_COMM_WORLD);
  const std::uint32_t source = sssp::choose_source(options, graph, MPI_COMM_WORLD);
  workloads::HugeArray<sssp::Vertex> vertices(graph.rows.rows());
  Problem problem{std::move(graph), source, std::move(vertices)};
  workloads::Work work(options.work);
  RunResult result = options.method == sssp::Method::alltoallv
                         ? run_alltoallv(options, problem, work)
                         : run_buddy(options, problem, work);
  const bool worked = workloads::all_work_done(work, result.messages, MPI_COMM_WORLD);
  verify(options, problem, result);
  result.workload = "sssp";
  result.verified = result.verified && worked;
  describe(options, problem, result);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
