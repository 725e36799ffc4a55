#include "triangles/count.hpp"

#include <algorithm>

namespace workloads::triangles {
namespace {

/// What handlers need on this rank. They find it here: naming it in every message would make an
/// 8-byte message half as long again.
struct State {
  const OrientedGraph* graph = nullptr;
  std::uint64_t first_vertex = 0;
  Tally tally;
  Work* work = nullptr;
};
State here;

/// Two neighbours of a lower vertex: is there an edge from the receiver's to the other? 8 bytes.
struct Close {
  void operator()(std::uint32_t vertex, std::uint32_t other) const noexcept {
    const std::span<const std::uint32_t> row = here.graph->sorted_row(vertex);
    if (std::binary_search(row.begin(), row.end(), other)) {
      here.tally.add(here.first_vertex + vertex, other);
    }
    (*here.work)(other);
  }
  const void* prefetch(std::uint32_t vertex, std::uint32_t /*other*/) const noexcept {
    return &here.graph->in_order.row_begin[vertex];
  }
};

}  // namespace

Tally count(buddy::Comm& comm, const OrientedGraph& graph, Work& work) {
  here = {&graph, graph.blocks.first_row(comm.rank()), {}, &work};
  comm.control_barrier();  // every rank is ready before the first message arrives

  for (std::size_t i = 0; i < graph.in_order.rows(); ++i) {
    const std::span<const Cell<NoValue>> row = graph.in_order.row(i);
    for (std::size_t lower = 0; lower + 1 < row.size(); ++lower) {
      const int owner = graph.blocks.owner(row[lower].column);
      const std::uint32_t vertex = graph.blocks.local(row[lower].column, owner);
      for (std::size_t higher = lower + 1; higher < row.size(); ++higher) {
        comm.async(owner, Close{}, vertex, row[higher].column);
      }
    }
  }
  comm.barrier();
  return here.tally;
}

}  // namespace workloads::triangles
