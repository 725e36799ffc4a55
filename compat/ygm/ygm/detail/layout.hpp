// Which ranks share a node, in YGM's terms. Stands in for YGM's header of this name.
#pragma once

#include <algorithm>
#include <buddy/comm.hpp>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ygm::detail {

/// Ranks, nodes, and places within nodes of a communicator. Nodes are Buddy's: the ranks of one
/// engine in engine placement, those of one machine or its part (BUDDY_NODES) otherwise.
/// Invariants: nodes and places count from 0; ranks of a node, and ranks with the same place, are
/// listed in ascending order of rank and node.
/// Threads: any; it does not change.
class layout {
 public:
  /// Of no communicator: there are no ranks.
  layout() = default;
  /// Collective.
  explicit layout(const buddy::Comm& comm) : rank_(comm.rank()), nodes_(comm.nodes()) {
    const int node = comm.node();
    node_of_rank_.resize(static_cast<std::size_t>(comm.size()));
    MPI_Allgather(&node, 1, MPI_INT, node_of_rank_.data(), 1, MPI_INT, comm.mpi_comm());
    std::vector<int> ranks_seen(static_cast<std::size_t>(nodes_), 0);
    for (const int of_rank : node_of_rank_) place_of_rank_.push_back(ranks_seen[index(of_rank)]++);
    strided_ranks_.assign(static_cast<std::size_t>(nodes_), nobody);
    for (int r = 0; r < comm.size(); ++r) {
      if (node_id(r) == node_id()) local_ranks_.push_back(r);
      if (local_id(r) == local_id()) strided_ranks_[index(node_id(r))] = r;
    }
    std::erase(strided_ranks_, nobody);
  }
  /// Collective over \p comm: what a ygm::comm of it would say, for as long as it takes to ask one.
  /// Not implicit as in YGM, where any MPI_Comm is taken for a layout.
  explicit layout(MPI_Comm comm) : layout(buddy::Comm(comm)) {}

  friend void swap(layout& a, layout& b) noexcept {
    using std::swap;
    swap(a.rank_, b.rank_);
    swap(a.nodes_, b.nodes_);
    swap(a.node_of_rank_, b.node_of_rank_);
    swap(a.place_of_rank_, b.place_of_rank_);
    swap(a.local_ranks_, b.local_ranks_);
    swap(a.strided_ranks_, b.strided_ranks_);
  }

  int size() const { return static_cast<int>(node_of_rank_.size()); }
  int rank() const { return rank_; }
  /// Number of nodes.
  int node_size() const { return nodes_; }
  /// Ranks of this node.
  int local_size() const { return static_cast<int>(local_ranks_.size()); }

  int node_id() const { return node_of_rank_.empty() ? 0 : node_of_rank_[index(rank_)]; }
  int node_id(int rank) const { return node_of_rank_[checked(rank)]; }
  int local_id() const { return place_of_rank_.empty() ? 0 : place_of_rank_[index(rank_)]; }
  int local_id(int rank) const { return place_of_rank_[checked(rank)]; }

  std::pair<int, int> rank_to_nl() const { return {node_id(), local_id()}; }
  std::pair<int, int> rank_to_nl(int rank) const { return {node_id(rank), local_id(rank)}; }
  /// The rank at a place of a node. Throws std::logic_error if there is none.
  int nl_to_rank(int node, int place) const {
    for (int r = 0; r < size(); ++r) {
      if (node_id(r) == node && local_id(r) == place) return r;
    }
    throw std::logic_error("node " + std::to_string(node) + " has no place " +
                           std::to_string(place) + " (layout().nl_to_rank()) ask for less");
  }
  int nl_to_rank(const std::pair<int, int>& at) const { return nl_to_rank(at.first, at.second); }

  /// Whether a rank has the same place on its node as this one.
  bool is_strided(int rank) const { return local_id(rank) == local_id(); }
  /// Whether a rank is on this one's node.
  bool is_local(int rank) const { return node_id(rank) == node_id(); }
  /// Ranks with this rank's place, by node. Nodes with fewer ranks may be missing.
  const std::vector<int>& strided_ranks() const { return strided_ranks_; }
  /// Ranks of this node.
  const std::vector<int>& local_ranks() const { return local_ranks_; }

 private:
  static constexpr int nobody = -1;
  static std::size_t index(int number) { return static_cast<std::size_t>(number); }
  std::size_t checked(int rank) const {
    if (rank >= 0 && rank < size()) return index(rank);
    throw std::logic_error("rank " + std::to_string(rank) + " (there are ranks 0 to " +
                           std::to_string(size() - 1) + ") correct the rank asked for");
  }

  int rank_ = 0;
  int nodes_ = 0;
  std::vector<int> node_of_rank_;
  std::vector<int> place_of_rank_;
  std::vector<int> local_ranks_;
  std::vector<int> strided_ranks_;
};

}  // namespace ygm::detail
