// Shortest paths by relaxations: what the methods have in common.
#pragma once

#include <mpi.h>

#include <buddy/buddy.hpp>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "common/work.hpp"
#include "sssp/weighted_graph.hpp"

namespace workloads::sssp {

constexpr double unreached = std::numeric_limits<double>::infinity();

struct Vertex {
  double distance = unreached;
  std::uint64_t round = 0;  ///< in which it last came nearer
};

/// A vertex of this rank that came nearer, and how near it was when its round ended.
struct Nearer {
  std::uint32_t vertex;
  double distance;
};

/// This rank's part of a search.
/// Distances are doubles, and a path's length is the sum from its source on, rounded at each edge.
/// Rounding keeps order and weights are not negative: the least of these lengths is one number, to
/// the last bit, whatever paths are tried and in which order. No tolerance is needed to check it.
struct Search {
  const WeightedGraph* graph = nullptr;
  std::span<Vertex> vertices;  ///< of this rank, unreached at the beginning
  Work* work = nullptr;
  std::uint64_t round = 0;
  std::vector<std::uint32_t> changed{};  ///< vertices of this rank that came nearer in this round
  std::uint64_t relaxations = 0;         ///< that arrived here

  /// \return whether \p vertex came nearer
  bool relax(std::uint64_t vertex, double distance) noexcept {
    ++relaxations;
    (*work)(vertex);
    if (!(distance < vertices[vertex].distance)) return false;
    vertices[vertex].distance = distance;
    return true;
  }
  /// The same, and the vertex is remembered for the next round.
  void relax_in_round(std::uint64_t vertex, double distance) {
    if (!relax(vertex, distance) || vertices[vertex].round == round) return;
    vertices[vertex].round = round;
    changed.push_back(static_cast<std::uint32_t>(vertex));
  }
  /// Ends a round. \param front set to the vertices that came nearer in it
  void next_round(std::vector<Nearer>& front);
};

/// Collective: finds the distances of all vertices from \p source.
/// Rounds are those of Bellman and Ford: messages depend on distances of the round before alone, so
/// that their number does not depend on the order in which they arrive. In a cascade it does.
/// \return number of rounds; 0 of a cascade
std::uint64_t search_by_rounds(buddy::Comm& comm, Search& search, std::uint32_t source);
std::uint64_t search_by_cascade(buddy::Comm& comm, Search& search, std::uint32_t source);
std::uint64_t search_by_alltoallv(MPI_Comm comm, Search& search, std::uint32_t source);

}  // namespace workloads::sssp
