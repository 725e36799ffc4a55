#include "sssp/search.hpp"

namespace workloads::sssp {
namespace {

/// Handlers find this rank's part here: naming it in every message would make messages longer.
Search* here = nullptr;

/// One of the receiver's vertices can be reached in this distance. 16 bytes.
struct RelaxInRound {
  void operator()(std::uint64_t vertex, double distance) const {
    here->relax_in_round(vertex, distance);
  }
  const void* prefetch(std::uint64_t vertex, double /*distance*/) const noexcept {
    return &here->vertices[vertex];
  }
};

/// The same, and what follows from it is sent at once.
struct RelaxAtOnce {
  void operator()(buddy::Comm& comm, std::uint64_t vertex, double distance) const;
  const void* prefetch(std::uint64_t vertex, double /*distance*/) const noexcept {
    return &here->vertices[vertex];
  }
};

/// Sends along all edges of one of this rank's vertices.
template <class Handler>
void send_edges(buddy::Comm& comm, std::uint64_t vertex, double distance) {
  const WeightedGraph& graph = *here->graph;
  for (const Cell<double>& edge : graph.rows.row(vertex)) {
    const int owner = graph.blocks.owner(edge.column);
    comm.async(owner, Handler{}, std::uint64_t{graph.blocks.local(edge.column, owner)},
               distance + edge.value);
  }
}

void RelaxAtOnce::operator()(buddy::Comm& comm, std::uint64_t vertex, double distance) const {
  if (here->relax(vertex, distance)) send_edges<RelaxAtOnce>(comm, vertex, distance);
}

}  // namespace

void Search::next_round(std::vector<Nearer>& front) {
  front.clear();
  for (const std::uint32_t vertex : changed) front.push_back({vertex, vertices[vertex].distance});
  changed.clear();
  ++round;
}

std::uint64_t search_by_rounds(buddy::Comm& comm, Search& search, std::uint32_t source) {
  here = &search;
  std::vector<Nearer> front;
  const int owner = search.graph->blocks.owner(source);
  if (owner == comm.rank()) {
    const std::uint32_t vertex = search.graph->blocks.local(source, owner);
    search.vertices[vertex].distance = 0;
    front.push_back({vertex, 0});
  }
  search.round = 1;
  // Summing up runs no handlers and waits for all ranks, so that none gets a message of a round
  // that it has not begun.
  while (comm.all_reduce_sum(std::uint64_t{front.size()}) > 0) {
    for (const Nearer& one : front) send_edges<RelaxInRound>(comm, one.vertex, one.distance);
    comm.barrier();
    search.next_round(front);
  }
  return search.round - 1;
}

std::uint64_t search_by_cascade(buddy::Comm& comm, Search& search, std::uint32_t source) {
  here = &search;
  comm.control_barrier();  // every rank is ready before the first message arrives
  const int owner = search.graph->blocks.owner(source);
  if (owner == comm.rank()) {
    const std::uint32_t vertex = search.graph->blocks.local(source, owner);
    search.vertices[vertex].distance = 0;
    send_edges<RelaxAtOnce>(comm, vertex, 0);
  }
  comm.barrier();
  return 0;
}

}  // namespace workloads::sssp
