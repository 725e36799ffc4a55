#include "triangles/oriented_graph.hpp"

#include <algorithm>
#include <cstring>

#include "common/bulk_exchange.hpp"
#include "common/program.hpp"
#include "common/row_collector.hpp"

namespace workloads::triangles {
namespace {

/// An edge's far end and how many neighbours that has, at the near end.
using Item = Entry<std::uint32_t>;

std::uint32_t degree_of(const Graph& graph, std::size_t i) noexcept {
  return static_cast<std::uint32_t>(graph.neighbours(i).size());
}

/// Sends in rounds; every rank takes part until all have sent everything.
class EdgeSender {
 public:
  EdgeSender(const Graph& graph, RowCollector<std::uint32_t>& upwards, MPI_Comm comm)
      : graph_(graph),
        upwards_(upwards),
        comm_(comm),
        exchange_(comm, sizeof(Item), std::size_t{1} << 16U),
        room_(exchange_.chunk_items()) {}

  void send(std::uint32_t to, const Item& item) {
    const int owner = graph_.blocks.owner(to);
    std::memcpy(exchange_.add(owner), &item, sizeof item);
    if (--room_ == 0) exchange(false);
  }
  void finish() {
    while (!all_done_) exchange(true);
  }

 private:
  /// Keeps the edges that lead upwards.
  void exchange(bool is_done) {
    std::span<const std::byte> received = exchange_.exchange();
    for (Item item; received.size() >= sizeof item; received = received.subspan(sizeof item)) {
      std::memcpy(&item, received.data(), sizeof item);
      const Height near{degree_of(graph_, item.row),
                        static_cast<std::uint32_t>(graph_.first_vertex) + item.row};
      if (near < Height{item.value, item.column}) upwards_.add(item);
    }
    room_ = exchange_.chunk_items();
    int done = is_done ? 1 : 0;
    MPI_Allreduce(MPI_IN_PLACE, &done, 1, MPI_INT, MPI_MIN, comm_);
    all_done_ = done == 1;
  }

  const Graph& graph_;
  RowCollector<std::uint32_t>& upwards_;
  MPI_Comm comm_;
  BulkExchange exchange_;
  std::size_t room_;
  bool all_done_ = false;
};

/// Takes the rows in the order, and sorted by number, out of \p rows, which it sorts.
OrientedGraph arrange(const BlockDistribution& blocks, CompressedRows<std::uint32_t>& rows) {
  OrientedGraph result{blocks, {}, {}};
  const auto count = static_cast<std::size_t>(rows.nonzeros());
  result.in_order.row_begin = rows.row_begin;
  result.in_order.cells = HugeArray<Cell<NoValue>>(count);
  result.by_number = HugeArray<std::uint32_t>(count);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::span<Cell<std::uint32_t>> row = rows.row(i);
    std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) {
      return Height{a.value, a.column} < Height{b.value, b.column};
    });
    const auto begin = static_cast<std::size_t>(rows.row_begin[i]);
    std::uint32_t* const numbers = result.by_number.data() + begin;
    for (std::size_t k = 0; k < row.size(); ++k) {
      result.in_order.cells[begin + k] = {row[k].column, {}};
      numbers[k] = row[k].column;
    }
    std::sort(numbers, numbers + row.size());
  }
  return result;
}

}  // namespace

OrientedGraph orient(const Graph& graph, MPI_Comm comm) {
  RowCollector<std::uint32_t> upwards(graph.rows.rows());
  EdgeSender sender(graph, upwards, comm);
  for (std::size_t i = 0; i < graph.rows.rows(); ++i) {
    const auto vertex = static_cast<std::uint32_t>(graph.first_vertex + i);
    const std::uint32_t degree = degree_of(graph, i);
    for (const Cell<NoValue>& cell : graph.neighbours(i)) {
      const std::uint32_t row = graph.blocks.local(cell.column, graph.blocks.owner(cell.column));
      sender.send(cell.column, {row, vertex, degree});
    }
  }
  sender.finish();
  CompressedRows<std::uint32_t> rows = upwards.build();
  return arrange(graph.blocks, rows);
}

}  // namespace workloads::triangles
