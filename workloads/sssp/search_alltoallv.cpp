#include <cstring>

#include "common/bulk_exchange.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "sssp/search.hpp"

namespace workloads::sssp {
namespace {

constexpr std::size_t relaxations_per_exchange = 8192;

struct Relaxation {
  std::uint64_t vertex;  ///< in the receiver's block
  double distance;
};
static_assert(sizeof(Relaxation) == 16);

/// Exchanges the relaxations of a round, in as many pieces as the rank with the most of them needs.
class RoundSender {
 public:
  RoundSender(MPI_Comm comm, Search& search)
      : comm_(comm),
        search_(search),
        exchange_(comm, sizeof(Relaxation), relaxations_per_exchange),
        room_(exchange_.chunk_items()) {}

  void send(const Nearer& near) {
    const WeightedGraph& graph = *search_.graph;
    for (const Cell<double>& edge : graph.rows.row(near.vertex)) {
      const int owner = graph.blocks.owner(edge.column);
      const Relaxation item{graph.blocks.local(edge.column, owner), near.distance + edge.value};
      std::memcpy(exchange_.add(owner), &item, sizeof item);
      if (--room_ == 0) exchange(false);
    }
  }
  void finish() {
    while (!exchange(true)) {
    }
  }

 private:
  /// \return whether all ranks are done
  bool exchange(bool is_done) {
    std::span<const std::byte> received = exchange_.exchange();
    for (Relaxation item; received.size() >= sizeof item;
         received = received.subspan(sizeof item)) {
      std::memcpy(&item, received.data(), sizeof item);
      search_.relax_in_round(item.vertex, item.distance);
    }
    room_ = exchange_.chunk_items();
    int done = is_done ? 1 : 0;
    MPI_Allreduce(MPI_IN_PLACE, &done, 1, MPI_INT, MPI_MIN, comm_);
    return done == 1;
  }

  MPI_Comm comm_;
  Search& search_;
  BulkExchange exchange_;
  std::size_t room_;
};

}  // namespace

std::uint64_t search_by_alltoallv(MPI_Comm comm, Search& search, std::uint32_t source) {
  RoundSender sender(comm, search);
  std::vector<Nearer> front;
  const int owner = search.graph->blocks.owner(source);
  if (owner == comm_rank(comm)) {
    const std::uint32_t vertex = search.graph->blocks.local(source, owner);
    search.vertices[vertex].distance = 0;
    front.push_back({vertex, 0});
  }
  search.round = 1;
  while (sum_over_ranks(std::uint64_t{front.size()}, comm) > 0) {
    for (const Nearer& one : front) sender.send(one);
    sender.finish();
    search.next_round(front);
  }
  return search.round - 1;
}

}  // namespace workloads::sssp
