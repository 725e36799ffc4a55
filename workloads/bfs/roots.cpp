#include "bfs/roots.hpp"

#include <algorithm>

#include "common/program.hpp"
#include "common/random.hpp"

namespace workloads::bfs {

std::vector<std::uint32_t> draw_roots(const Graph& graph, const RootChoice& choice, MPI_Comm comm) {
  std::vector<std::uint32_t> candidates;  // of this rank's vertices, those with edges
  for (std::size_t i = 0; i < graph.rows.rows(); ++i) {
    if (graph.neighbours(i).empty()) continue;
    candidates.push_back(static_cast<std::uint32_t>(graph.first_vertex + i));
  }
  const auto ranks = static_cast<std::size_t>(comm_size(comm));
  std::vector<std::uint64_t> counts(ranks);
  const std::uint64_t count = candidates.size();
  MPI_Allgather(&count, 1, MPI_UINT64_T, counts.data(), 1, MPI_UINT64_T, comm);
  std::uint64_t before = 0;  // candidates of lower ranks
  std::uint64_t total = 0;
  for (std::size_t r = 0; r < ranks; ++r) {
    if (static_cast<int>(r) == comm_rank(comm)) before = total;
    total += counts[r];
  }
  if (total == 0) {
    throw JobError(
        "the graph has no edges between different vertices (there is nothing to search) choose "
        "another one");
  }
  RandomStream random(stream_key(choice.seed, 500));
  std::vector<std::uint32_t> roots(static_cast<std::size_t>(choice.count), 0);
  for (std::uint32_t& root : roots) {
    // The number of a candidate in the whole graph; its owner knows the vertex.
    const std::uint64_t drawn = multiply_high(random.next(), total);
    if (drawn >= before && drawn - before < count) {
      root = candidates[static_cast<std::size_t>(drawn - before)];
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, roots.data(), static_cast<int>(roots.size()), MPI_UINT32_T, MPI_MAX,
                comm);
  return roots;
}

}  // namespace workloads::bfs
