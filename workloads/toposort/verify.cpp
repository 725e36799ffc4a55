#include "toposort/verify.hpp"

#include <span>
#include <vector>

#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/replicate.hpp"
#include "common/report.hpp"

namespace workloads::toposort {
namespace {

constexpr std::size_t edges_per_round = std::size_t{1} << 16U;

bool is_permutation(std::span<const std::uint32_t> positions) {
  std::vector<bool> taken(positions.size());
  for (const std::uint32_t position : positions) {
    if (position >= taken.size() || taken[position]) return false;
    taken[position] = true;
  }
  return true;
}

}  // namespace

bool is_sorted(MPI_Comm comm, const MatrixOptions& input, const BlockDistribution& blocks,
               const Order& order) {
  const std::vector<std::uint32_t> rows = replicate(order.rows, blocks, comm);
  const std::vector<std::uint32_t> columns = replicate(order.columns, blocks, comm);
  if (!is_permutation(rows) || !is_permutation(columns)) return false;  // on every rank alike

  const Shuffling shuffling(blocks.rows(), input.generated.seed);
  std::uint64_t wrong = 0;
  const int rank = comm_rank(comm);
  for (std::uint64_t i = blocks.first_row(rank); i < blocks.first_row(rank + 1); ++i) {
    const Place place = shuffling.diagonal(static_cast<std::uint32_t>(i));
    wrong += rows[place.row] == columns[place.column] ? 0U : 1U;
  }
  Input source = open_input(input, comm);
  std::vector<Nonzero> edges(edges_per_round);
  for (; read_some(source, edges, comm); edges.resize(edges_per_round)) {
    for (const Nonzero& edge : edges) {
      if (edge.row == edge.column) continue;
      const Place place = shuffling.edge(edge.row, edge.column);
      wrong += rows[place.row] < columns[place.column] ? 0U : 1U;
    }
  }
  return sum_over_ranks(wrong, comm) == 0;
}

}  // namespace workloads::toposort
