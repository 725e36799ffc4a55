#include "sssp/weighted_graph.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "common/program.hpp"
#include "common/random.hpp"
#include "common/simplify_rows.hpp"

namespace workloads::sssp {
namespace {

/// The nonzeros of another source, with random weights as values.
class RandomWeights : public MatrixSource {
 public:
  RandomWeights(std::unique_ptr<MatrixSource> edges, std::uint64_t seed)
      : edges_(std::move(edges)), seed_(seed) {}

  const MatrixHeader& header() const noexcept override { return edges_->header(); }
  std::size_t read(std::span<Nonzero> out) override {
    const std::size_t count = edges_->read(out);
    for (Nonzero& edge : out.first(count)) {
      edge.value = random_weight(seed_, edge.row, edge.column);
    }
    return count;
  }

 private:
  std::unique_ptr<MatrixSource> edges_;
  std::uint64_t seed_;
};

}  // namespace

double random_weight(std::uint64_t seed, std::uint32_t a, std::uint32_t b) noexcept {
  const std::uint64_t ends = std::uint64_t{std::min(a, b)} << 32U | std::max(a, b);
  return static_cast<double>((stream_key(~seed, ends) >> 44U) + 1) * 0x1p-20;
}

Input open_weighted(const Options& options, MPI_Comm comm) {
  Input input = open_square_input(options.matrix, comm);
  if (options.random_weights() && input.source != nullptr) {
    const std::uint64_t seed = options.matrix.generated.seed;
    input.source = std::make_unique<RandomWeights>(std::move(input.source), seed);
  }
  return input;
}

WeightedGraph load_weighted(const Options& options, MPI_Comm comm) {
  Input input = open_weighted(options, comm);
  auto loaded = load<double>(input, comm).matrix;
  simplify_rows(loaded.local, loaded.first_row);
  return {loaded.row_blocks, loaded.first_row, std::move(loaded.local)};
}

std::uint32_t choose_source(const Options& options, const WeightedGraph& graph, MPI_Comm comm) {
  const std::uint64_t vertices = graph.blocks.rows();
  if (options.source) {
    if (*options.source < vertices) return static_cast<std::uint32_t>(*options.source);
    throw JobError(
        fmt::format("--source {} is no vertex (the graph has {}, numbered from 0) choose a smaller "
                    "one",
                    *options.source, vertices));
  }
  std::uint64_t first = vertices;  // of this rank's vertices that an edge leaves
  for (std::size_t i = graph.rows.rows(); i-- > 0;) {
    if (!graph.rows.row(i).empty()) first = graph.first_vertex + i;
  }
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_UINT64_T, MPI_MIN, comm);
  if (first < vertices) return static_cast<std::uint32_t>(first);
  throw JobError(
      "the graph has no edges between different vertices (there are no paths) choose another one");
}

}  // namespace workloads::sssp
