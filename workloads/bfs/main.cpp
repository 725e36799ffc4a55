// Breadth-first search as in the Graph500 benchmark: little work per message, and one barrier per
// level of the tree.
#include <algorithm>
#include <buddy/buddy.hpp>
#include <utility>
#include <vector>

#include "bfs/options.hpp"
#include "bfs/roots.hpp"
#include "bfs/search.hpp"
#include "bfs/verify.hpp"
#include "common/graph.hpp"
#include "common/huge_pages.hpp"
#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/random.hpp"
#include "common/report.hpp"
#include "common/rounds.hpp"

namespace {

namespace bfs = workloads::bfs;
using workloads::Graph;
using workloads::RunResult;

struct Search {
  std::uint32_t root = 0;
  workloads::HugeArray<bfs::Mark> marks;  ///< of this rank's vertices
  double seconds = 0;                     ///< of one search
};

std::vector<Search> draw_roots(const bfs::Options& options, const Graph& graph) {
  const auto roots = bfs::draw_roots(
      graph, {.count = options.roots, .seed = options.matrix.generated.seed}, MPI_COMM_WORLD);
  std::vector<Search> searches;
  for (const std::uint32_t root : roots) {
    workloads::HugeArray<bfs::Mark> marks(graph.rows.rows());
    searches.push_back({root, std::move(marks)});
  }
  return searches;
}

RunResult run(const Graph& graph, std::uint64_t rounds, std::vector<Search>& searches,
              workloads::Work& work) {
  buddy::Comm comm(MPI_COMM_WORLD);
  workloads::MeasuredWork measured(comm);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (Search& search : searches) {
      const double seconds = measured(
          [&] { std::fill(search.marks.begin(), search.marks.end(), bfs::Mark()); },
          [&] {
            bfs::search(comm, graph, search.root, {search.marks.data(), search.marks.size()}, work);
          });
      search.seconds += seconds / static_cast<double>(rounds);
    }
  }
  return measured.result(rounds);
}

/// The same on every rank, and however many ranks there are.
std::uint64_t checksum(const Graph& graph, const std::vector<Search>& searches) {
  std::uint64_t sum = 0;
  for (std::size_t number = 0; number < searches.size(); ++number) {
    const auto& marks = searches[number].marks;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      sum +=
          workloads::mix64(workloads::stream_key(number, graph.first_vertex + i) + marks[i].bits());
    }
  }
  return workloads::sum_over_ranks(sum, MPI_COMM_WORLD);
}

/// Checks all trees. Rates are per edge of the input, as in the benchmark.
void verify(const bfs::Options& options, const Graph& graph, const std::vector<Search>& searches,
            RunResult& result) {
  result.verified = true;
  double seconds_per_edge = 0;
  std::uint64_t edges = 0;
  std::uint64_t reached = 0;
  std::uint64_t levels = 0;
  for (const Search& search : searches) {
    const auto check = bfs::verify(MPI_COMM_WORLD, options.matrix, graph.blocks, search.root,
                                   {search.marks.data(), search.marks.size()});
    result.verified = result.verified && check.correct;
    seconds_per_edge += search.seconds / static_cast<double>(check.edges);
    edges += check.edges;
    reached += check.reached;
    levels = std::max(levels, check.levels);
  }
  result.details["traversed_edges"] = edges;
  result.details["traversed_edges_per_s"] = static_cast<double>(searches.size()) / seconds_per_edge;
  result.details["reached_vertices"] = reached;
  result.details["most_levels"] = levels;
}

int body(int argc, char** argv) {
  bfs::Options options;
  if (const auto exit_code = bfs::parse_options(argc, argv, MPI_COMM_WORLD, options)) {
    return *exit_code;
  }
  const Graph graph = workloads::load_graph(options.matrix, MPI_COMM_WORLD);
  std::vector<Search> searches = draw_roots(options, graph);
  workloads::Work work(options.work);
  RunResult result = run(graph, options.rounds, searches, work);
  const bool worked = workloads::all_work_done(work, result.messages, MPI_COMM_WORLD);
  verify(options, graph, searches, result);
  result.workload = "bfs";
  result.verified = result.verified && worked;
  result.details["answer_checksum"] = checksum(graph, searches);
  result.details["edges"] = workloads::count_edges(graph, MPI_COMM_WORLD);
  result.details["roots"] = options.roots;
  const workloads::Field field = workloads::Field::pattern;
  describe_input(options.matrix, {graph.vertices(), graph.vertices(), field}, result.details);
  result.details["seed"] = options.matrix.generated.seed;
  describe_work(options.work, result.details);
  return workloads::report(result, MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) { return workloads::run_program(argc, argv, body); }
