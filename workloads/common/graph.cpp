#include "common/graph.hpp"

#include <cstring>
#include <vector>

#include "common/bulk_exchange.hpp"
#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "common/row_collector.hpp"
#include "common/simplify_rows.hpp"

namespace workloads {
namespace {

void add_end(BulkExchange& exchange, const BlockDistribution& blocks, std::uint32_t vertex,
             std::uint32_t neighbour) {
  const int owner = blocks.owner(vertex);
  const Entry<NoValue> entry{blocks.local(vertex, owner), neighbour, {}};
  std::memcpy(exchange.add(owner), &entry, sizeof entry);
}

}  // namespace

Graph load_graph(const MatrixOptions& options, MPI_Comm comm) {
  Input input = open_square_input(options, comm);
  const int rank = comm_rank(comm);
  const BlockDistribution blocks(input.header.rows, comm_size(comm));
  RowCollector<NoValue> collector(blocks.size(rank));
  BulkExchange exchange(comm, sizeof(Entry<NoValue>), std::size_t{1} << 16U);
  const std::size_t edges_per_round = exchange.chunk_items() / 2;  // every edge has two ends
  std::vector<Nonzero> edges(edges_per_round);
  for (; read_some(input, edges, comm); edges.resize(edges_per_round)) {
    for (const Nonzero& edge : edges) {
      add_end(exchange, blocks, edge.row, edge.column);
      add_end(exchange, blocks, edge.column, edge.row);
    }
    collector.add_all(exchange.exchange());
  }
  Graph graph{blocks, blocks.first_row(rank), collector.build()};
  simplify_rows(graph.rows, graph.first_vertex);
  return graph;
}

std::uint64_t count_edges(const Graph& graph, MPI_Comm comm) {
  return sum_over_ranks(graph.rows.nonzeros(), comm) / 2;
}

}  // namespace workloads
