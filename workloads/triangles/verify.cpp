#include "triangles/verify.hpp"

#include <algorithm>

#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/report.hpp"

namespace workloads::triangles {
namespace {

constexpr std::size_t edges_per_round = std::size_t{1} << 16U;

/// All ranks' edges of a round, behind \p all. Collective.
void append_everywhere(std::vector<InputEdge>& all, std::span<const InputEdge> mine,
                       MPI_Comm comm) {
  const int bytes = static_cast<int>(mine.size_bytes());
  std::vector<int> sizes(static_cast<std::size_t>(comm_size(comm)));
  MPI_Allgather(&bytes, 1, MPI_INT, sizes.data(), 1, MPI_INT, comm);
  std::vector<int> offsets;
  int total = 0;
  for (const int size : sizes) {
    offsets.push_back(total);
    total += size;
  }
  const std::size_t before = all.size();
  all.resize(before + static_cast<std::size_t>(total) / sizeof(InputEdge));
  MPI_Allgatherv(mine.data(), bytes, MPI_BYTE, all.data() + before, sizes.data(), offsets.data(),
                 MPI_BYTE, comm);
}

/// Both ends in one word, the smaller above: each edge once, ascending, none from a vertex to
/// itself.
std::vector<std::uint64_t> distinct(std::span<const InputEdge> edges) {
  std::vector<std::uint64_t> words;
  words.reserve(edges.size());
  for (const InputEdge& edge : edges) {
    if (edge.a == edge.b) continue;
    words.push_back(std::uint64_t{std::min(edge.a, edge.b)} << 32U | std::max(edge.a, edge.b));
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

/// Neighbours above each vertex, in the order of Height.
class Upwards {
 public:
  Upwards(std::span<const std::uint64_t> edges, std::uint64_t vertices)
      : begins_(static_cast<std::size_t>(vertices) + 1), ends_(edges.size()) {
    std::vector<std::uint32_t> degrees(static_cast<std::size_t>(vertices));
    for (const std::uint64_t edge : edges) {
      ++degrees[edge >> 32U];
      ++degrees[static_cast<std::uint32_t>(edge)];
    }
    const auto lower_first = [&](std::uint64_t edge) {
      const auto a = static_cast<std::uint32_t>(edge >> 32U);
      const auto b = static_cast<std::uint32_t>(edge);
      return Height{degrees[a], a} < Height{degrees[b], b} ? InputEdge{a, b} : InputEdge{b, a};
    };
    for (const std::uint64_t edge : edges) ++begins_[lower_first(edge).a + std::size_t{1}];
    for (std::size_t v = 1; v < begins_.size(); ++v) begins_[v] += begins_[v - 1];
    std::vector<std::uint64_t> next(begins_.begin(), begins_.end() - 1);
    for (const std::uint64_t edge : edges) {
      const InputEdge oriented = lower_first(edge);
      ends_[next[oriented.a]++] = oriented.b;
    }
  }

  std::span<const std::uint32_t> of(std::uint64_t vertex) const noexcept {
    const auto begin = static_cast<std::size_t>(begins_[vertex]);
    return std::span(ends_).subspan(begin, static_cast<std::size_t>(begins_[vertex + 1]) - begin);
  }

 private:
  std::vector<std::uint64_t> begins_;
  std::vector<std::uint32_t> ends_;
};

}  // namespace

Tally count_serially(std::span<const InputEdge> edges, std::uint64_t vertices,
                     const Stride& lowest) {
  const Upwards upwards(distinct(edges), vertices);
  std::vector<bool> marked(static_cast<std::size_t>(vertices));
  Tally tally;
  for (std::uint64_t low = lowest.first; low < vertices; low += lowest.step) {
    for (const std::uint32_t neighbour : upwards.of(low)) marked[neighbour] = true;
    for (const std::uint32_t middle : upwards.of(low)) {
      for (const std::uint32_t high : upwards.of(middle)) {
        if (marked[high]) tally.add(middle, high);
      }
    }
    for (const std::uint32_t neighbour : upwards.of(low)) marked[neighbour] = false;
  }
  return tally;
}

Tally count_again(const MatrixOptions& options, MPI_Comm comm) {
  Input source = open_input(options, comm);
  std::vector<InputEdge> all;
  std::vector<InputEdge> mine;
  const std::size_t room = edges_per_round / static_cast<std::size_t>(comm_size(comm)) + 2;
  std::vector<Nonzero> round(room);
  for (; read_some(source, round, comm); round.resize(room)) {
    mine.clear();
    for (const Nonzero& edge : round) mine.push_back({edge.row, edge.column});
    append_everywhere(all, mine, comm);
  }
  const Stride share{static_cast<std::uint64_t>(comm_rank(comm)),
                     static_cast<std::uint64_t>(comm_size(comm))};
  const Tally part = count_serially(all, source.header.rows, share);
  return {sum_over_ranks(part.triangles, comm), sum_over_ranks(part.checksum, comm)};
}

}  // namespace workloads::triangles
