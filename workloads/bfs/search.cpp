#include "bfs/search.hpp"

#include <utility>
#include <vector>

namespace workloads::bfs {
namespace {

/// This rank's part of the search. Handlers find it here: naming it in every message would make an
/// 8-byte message half as long again.
struct State {
  Mark* marks = nullptr;
  Work* work = nullptr;
  std::uint32_t level = 0;           ///< of the vertices that are being reached
  std::vector<std::uint32_t> found;  ///< of this rank's vertices, in this level
};
State here;

/// An edge of the level: the receiver's vertex and the parent it has found. 8 bytes.
struct Visit {
  void operator()(std::uint32_t vertex, std::uint32_t parent) const {
    Mark& mark = here.marks[vertex];
    if (!mark.reached()) here.found.push_back(vertex);
    mark = std::min(mark, Mark(here.level, parent));
    (*here.work)(parent);
  }
  const void* prefetch(std::uint32_t vertex, std::uint32_t /*parent*/) const noexcept {
    return &here.marks[vertex];
  }
};

void send_edges(buddy::Comm& comm, const Graph& graph, std::uint32_t vertex) {
  const auto parent = static_cast<std::uint32_t>(graph.first_vertex + vertex);
  for (const Cell<NoValue>& cell : graph.neighbours(vertex)) {
    const int owner = graph.blocks.owner(cell.column);
    comm.async(owner, Visit{}, graph.blocks.local(cell.column, owner), parent);
  }
}

}  // namespace

void search(buddy::Comm& comm, const Graph& graph, std::uint32_t root, std::span<Mark> marks,
            Work& work) {
  here = {marks.data(), &work, 0, {}};
  std::vector<std::uint32_t> frontier;
  if (graph.blocks.owner(root) == comm.rank()) {
    frontier.push_back(graph.blocks.local(root, comm.rank()));
    marks[frontier.front()] = Mark(0, root);
  }
  // Summing up runs no handlers and waits for all ranks, so that none gets an edge of a level that
  // it has not begun.
  for (here.level = 1; comm.all_reduce_sum(std::uint64_t{frontier.size()}) > 0; ++here.level) {
    for (const std::uint32_t vertex : frontier) send_edges(comm, graph, vertex);
    comm.barrier();
    frontier.clear();
    std::swap(frontier, here.found);
  }
}

}  // namespace workloads::bfs
