#include "toposort/shuffled_matrix.hpp"

#include <cstring>

#include "common/bulk_exchange.hpp"
#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/report.hpp"
#include "common/row_collector.hpp"

namespace workloads::toposort {
namespace {

using Item = Entry<NoValue>;

/// Brings nonzeros to the owners of their rows and of their columns.
class Distributor {
 public:
  Distributor(const BlockDistribution& blocks, MPI_Comm comm)
      : blocks_(blocks),
        rows_(comm, sizeof(Item), std::size_t{1} << 16U),
        columns_(comm, sizeof(Item), std::size_t{1} << 16U),
        collector_(blocks.size(comm_rank(comm))),
        row_states_(static_cast<std::size_t>(blocks.size(comm_rank(comm)))) {}

  /// Nonzeros that may be added between two exchanges.
  std::size_t room() const noexcept { return rows_.chunk_items(); }

  void add(const Place& place) noexcept {
    send(rows_, place.row, place.column);
    send(columns_, place.column, place.row);
    ++added_;
  }

  /// Collective.
  void exchange() {
    std::span<const std::byte> received = rows_.exchange();
    for (Item item; received.size() >= sizeof item; received = received.subspan(sizeof item)) {
      std::memcpy(&item, received.data(), sizeof item);
      ++row_states_[item.row].count;
      row_states_[item.row].column_sum += item.column;
    }
    collector_.add_all(columns_.exchange());
  }

  /// Collective. Leaves nothing behind.
  ShuffledMatrix finish(MPI_Comm comm) {
    return {blocks_, std::move(row_states_), collector_.build(), sum_over_ranks(added_, comm)};
  }

 private:
  void send(BulkExchange& exchange, std::uint32_t to, std::uint32_t other) noexcept {
    const int owner = blocks_.owner(to);
    const Item item{blocks_.local(to, owner), other, {}};
    std::memcpy(exchange.add(owner), &item, sizeof item);
  }

  BlockDistribution blocks_;
  BulkExchange rows_;
  BulkExchange columns_;
  RowCollector<NoValue> collector_;
  std::vector<RowState> row_states_;
  std::uint64_t added_ = 0;
};

/// Each rank adds the diagonal of its block; all take part in as many rounds as the first needs.
void add_diagonal(Distributor& distributor, const BlockDistribution& blocks,
                  const Shuffling& shuffling, int rank) {
  std::uint64_t next = blocks.first_row(rank);
  const std::uint64_t end = next + blocks.size(rank);
  for (std::uint64_t left = blocks.size(0); left > 0;) {
    for (std::size_t k = 0; k < distributor.room() && next < end; ++k, ++next) {
      distributor.add(shuffling.diagonal(static_cast<std::uint32_t>(next)));
    }
    distributor.exchange();
    left -= std::min<std::uint64_t>(left, distributor.room());
  }
}

}  // namespace

ShuffledMatrix load_shuffled(const MatrixOptions& options, MPI_Comm comm) {
  Input input = open_square_input(options, comm);
  const MatrixHeader& header = input.header;
  const BlockDistribution blocks(header.rows, comm_size(comm));
  const Shuffling shuffling(header.rows, options.generated.seed);
  Distributor distributor(blocks, comm);
  add_diagonal(distributor, blocks, shuffling, comm_rank(comm));
  std::vector<Nonzero> edges(distributor.room());
  for (; read_some(input, edges, comm); edges.resize(distributor.room())) {
    for (const Nonzero& edge : edges) {
      if (edge.row != edge.column) distributor.add(shuffling.edge(edge.row, edge.column));
    }
    distributor.exchange();
  }
  return distributor.finish(comm);
}

}  // namespace workloads::toposort
