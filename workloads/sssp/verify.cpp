#include "sssp/verify.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/replicate.hpp"
#include "common/report.hpp"
#include "sssp/weighted_graph.hpp"

namespace workloads::sssp {
namespace {

constexpr std::size_t edges_per_round = std::size_t{1} << 16U;
constexpr std::uint64_t most_serial = std::uint64_t{1} << 20U;  // vertices, and edges

/// An edge between two vertices of one distance, which is tight.
struct LevelEdge {
  std::uint32_t from;
  std::uint32_t to;
  friend bool operator<(const LevelEdge& a, const LevelEdge& b) noexcept { return a.from < b.from; }
};

/// What a rank's part of the input's edges says about the distances.
class EdgeRules {
 public:
  EdgeRules(std::span<const double> distances, std::uint32_t source)
      : distances_(distances), source_(source), joined_(distances.size() / 64 + 1) {}

  void look_at(const WeightedEdge& edge) {
    const double near = distances_[edge.from];
    const double far = distances_[edge.to];
    if (std::isinf(near)) return;
    const double sum = near + edge.weight;
    if (sum < far) ++broken_;
    if (sum != far || edge.from == edge.to) return;
    if (near < far) {
      join(edge.to);
    } else {
      level_.push_back({edge.from, edge.to});
    }
  }

  /// Collective: all ranks' edges kept the rules.
  bool kept(MPI_Comm comm) {
    if (distances_[source_] != 0) ++broken_;
    join(source_);
    share(comm);
    std::sort(level_.begin(), level_.end());
    while (sum_over_ranks(std::uint64_t{spread()}, comm) > 0) share(comm);
    for (std::uint32_t v = 0; v < distances_.size(); ++v) {
      if (!std::isinf(distances_[v]) && !is_joined(v)) ++broken_;
    }
    return sum_over_ranks(broken_, comm) == 0;
  }

 private:
  void join(std::uint32_t vertex) { joined_[vertex / 64] |= std::uint64_t{1} << (vertex % 64); }
  bool is_joined(std::uint32_t vertex) const {
    return (joined_[vertex / 64] >> (vertex % 64) & 1U) != 0;
  }
  void share(MPI_Comm comm) {
    MPI_Allreduce(MPI_IN_PLACE, joined_.data(), static_cast<int>(joined_.size()), MPI_UINT64_T,
                  MPI_BOR, comm);
  }

  /// Joins what this rank's level edges lead to from joined vertices. \return how many
  std::size_t spread() {
    std::vector<std::uint32_t> open;
    std::size_t count = 0;
    const auto follow = [&](std::uint32_t vertex) {
      const auto [begin, end] =
          std::equal_range(level_.begin(), level_.end(), LevelEdge{vertex, 0});
      for (auto edge = begin; edge != end; ++edge) {
        if (is_joined(edge->to)) continue;
        join(edge->to);
        open.push_back(edge->to);
        ++count;
      }
    };
    for (const LevelEdge& edge : level_) {
      if (is_joined(edge.from) && !is_joined(edge.to)) follow(edge.from);
      while (!open.empty()) {
        const std::uint32_t vertex = open.back();
        open.pop_back();
        follow(vertex);
      }
    }
    return count;
  }

  std::span<const double> distances_;
  std::uint32_t source_;
  std::vector<std::uint64_t> joined_;  ///< one bit per vertex: a tight edge leads to it
  std::vector<LevelEdge> level_;
  std::uint64_t broken_ = 0;
};

/// All ranks' edges, on rank 0. \pre there are at most most_serial
std::vector<WeightedEdge> gather(std::span<const WeightedEdge> mine, MPI_Comm comm) {
  const int bytes = static_cast<int>(mine.size_bytes());
  std::vector<int> sizes(static_cast<std::size_t>(comm_size(comm)));
  MPI_Gather(&bytes, 1, MPI_INT, sizes.data(), 1, MPI_INT, 0, comm);
  std::vector<int> offsets;
  int total = 0;
  for (const int size : sizes) {
    offsets.push_back(total);
    total += size;
  }
  std::vector<WeightedEdge> all(static_cast<std::size_t>(total) / sizeof(WeightedEdge));
  MPI_Gatherv(mine.data(), bytes, MPI_BYTE, all.data(), sizes.data(), offsets.data(), MPI_BYTE, 0,
              comm);
  return all;
}

/// This rank's edges for a serial search, given up when they become too many.
class EdgeCopy {
 public:
  explicit EdgeCopy(std::uint64_t vertices) : keeps_(vertices <= most_serial) {}

  void add(const WeightedEdge& edge) {
    if (!keeps_) return;
    edges_.push_back(edge);
    keeps_ = edges_.size() <= most_serial;
  }
  /// Collective: is there room for all edges on one rank?
  bool is_complete(MPI_Comm comm) {
    const std::uint64_t all = sum_over_ranks(std::uint64_t{edges_.size()}, comm);
    return sum_over_ranks(std::uint64_t{keeps_ ? 0U : 1U}, comm) == 0 && all <= most_serial;
  }
  const std::vector<WeightedEdge>& edges() const noexcept { return edges_; }

 private:
  bool keeps_;
  std::vector<WeightedEdge> edges_;
};

/// Collective: are the distances those of a serial search?
bool same_as_serial(const EdgeCopy& copy, const std::vector<double>& distances,
                    std::uint32_t source, MPI_Comm comm) {
  const std::vector<WeightedEdge> edges = gather(copy.edges(), comm);
  std::uint64_t wrong = 0;
  if (comm_rank(comm) == 0) wrong = dijkstra(edges, distances.size(), source) == distances ? 0 : 1;
  return sum_over_ranks(wrong, comm) == 0;
}

}  // namespace

Verification verify(MPI_Comm comm, const Options& options, const BlockDistribution& blocks,
                    std::uint32_t source, const std::vector<double>& mine) {
  const std::vector<double> distances = replicate(mine, blocks, comm);
  EdgeRules rules(distances, source);
  EdgeCopy copy(blocks.rows());
  Input input = open_weighted(options, comm);
  std::vector<Nonzero> edges(edges_per_round);
  for (; read_some(input, edges, comm); edges.resize(edges_per_round)) {
    for (const Nonzero& nonzero : edges) {
      const WeightedEdge edge{nonzero.row, nonzero.column, nonzero.value.real()};
      rules.look_at(edge);
      copy.add(edge);
    }
  }
  Verification result;
  result.correct = rules.kept(comm);
  result.by_dijkstra = copy.is_complete(comm);
  if (result.by_dijkstra) {
    const bool same = same_as_serial(copy, distances, source, comm);
    result.correct = result.correct && same;
  }
  for (const double distance : distances) {
    if (std::isinf(distance)) continue;
    ++result.reached;
    result.farthest = std::max(result.farthest, distance);
  }
  return result;
}

}  // namespace workloads::sssp
