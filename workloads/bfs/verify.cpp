#include "bfs/verify.hpp"

#include <algorithm>
#include <vector>

#include "bfs/tree.hpp"
#include "common/matrix_input.hpp"
#include "common/program.hpp"
#include "common/replicate.hpp"
#include "common/report.hpp"

namespace workloads::bfs {
namespace {

constexpr std::size_t edges_per_round = std::size_t{1} << 16U;

/// What a rank's part of the input's edges says about a tree.
class EdgeRules {
 public:
  EdgeRules(std::span<const std::uint32_t> parents, std::span<const std::uint32_t> levels)
      : parents_(parents), levels_(levels), joined_(parents.size() / 64 + 1) {}

  void look_at(std::uint32_t a, std::uint32_t b) {
    const bool a_reached = levels_[a] != no_level;
    const bool b_reached = levels_[b] != no_level;
    if (a_reached != b_reached) ++broken_;
    if (!a_reached || !b_reached) return;
    ++edges_;
    if (std::max(levels_[a], levels_[b]) - std::min(levels_[a], levels_[b]) > 1) ++broken_;
    if (parents_[a] == b) join(a);
    if (parents_[b] == a) join(b);
  }

  /// Collective: all ranks' edges kept the rules, and every vertex but the root is joined to its
  /// parent by one of them.
  bool kept(std::uint32_t root, MPI_Comm comm) {
    join(root);  // its own parent, without an edge
    MPI_Allreduce(MPI_IN_PLACE, joined_.data(), static_cast<int>(joined_.size()), MPI_UINT64_T,
                  MPI_BOR, comm);
    for (std::uint32_t v = 0; v < levels_.size(); ++v) {
      const bool is_joined = (joined_[v / 64] >> (v % 64) & 1U) != 0;
      if (levels_[v] != no_level && !is_joined) ++broken_;
    }
    return sum_over_ranks(broken_, comm) == 0;
  }
  std::uint64_t edges() const noexcept { return edges_; }

 private:
  void join(std::uint32_t vertex) { joined_[vertex / 64] |= std::uint64_t{1} << (vertex % 64); }

  std::span<const std::uint32_t> parents_;
  std::span<const std::uint32_t> levels_;
  std::vector<std::uint64_t> joined_;  ///< one bit per vertex
  std::uint64_t broken_ = 0;
  std::uint64_t edges_ = 0;
};

/// The levels that the search gave its vertices are those along the tree.
bool same_levels(std::span<const Mark> marks, std::span<const std::uint32_t> levels) {
  return std::equal(marks.begin(), marks.end(), levels.begin(), levels.end(),
                    [](const Mark& mark, std::uint32_t level) {
                      return (mark.reached() ? mark.level() : no_level) == level;
                    });
}

}  // namespace

Verification verify(MPI_Comm comm, const MatrixOptions& input, const BlockDistribution& blocks,
                    std::uint32_t root, std::span<const Mark> marks) {
  std::vector<std::uint32_t> mine(marks.size());
  std::transform(marks.begin(), marks.end(), mine.begin(),
                 [](const Mark& mark) { return mark.reached() ? mark.parent() : no_parent; });
  const std::vector<std::uint32_t> parents = replicate(mine, blocks, comm);
  const std::vector<std::uint32_t> levels = tree_levels(parents, root);
  if (levels.empty()) return {};  // on every rank alike

  EdgeRules rules(parents, levels);
  Input source = open_input(input, comm);
  std::vector<Nonzero> edges(edges_per_round);
  for (; read_some(source, edges, comm); edges.resize(edges_per_round)) {
    for (const Nonzero& edge : edges) rules.look_at(edge.row, edge.column);
  }
  const auto first = static_cast<std::size_t>(blocks.first_row(comm_rank(comm)));
  const bool same = same_levels(marks, std::span(levels).subspan(first, marks.size()));
  Verification result;
  result.correct =
      rules.kept(root, comm) && sum_over_ranks(std::uint64_t{same ? 0U : 1U}, comm) == 0;
  result.edges = sum_over_ranks(rules.edges(), comm);
  for (const std::uint32_t level : levels) {
    if (level == no_level) continue;
    ++result.reached;
    result.levels = std::max(result.levels, std::uint64_t{level} + 1);
  }
  return result;
}

}  // namespace workloads::bfs
