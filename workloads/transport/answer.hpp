// The answer of a run: the same for any number of ranks, nodes and placements.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "transport/mesh.hpp"
#include "transport/tallies.hpp"

namespace workloads::transport {

/// Sums over all ranks.
struct Answer {
  std::vector<Events> cycles;
  std::array<std::uint64_t, Tallies::groups> spectrum{};
  std::uint64_t path = 0;       ///< over all cells
  std::uint64_t deposit = 0;    ///< over all cells
  std::uint64_t cell_mark = 0;  ///< in which every tally of every cell has its part
  std::uint64_t histories = 0;

  std::uint64_t total(Event event) const noexcept;
  /// Every figure of it in one word.
  std::uint64_t checksum() const noexcept;
  /// In every cycle as many particles came as went, each began with what the one before left, and
  /// the tallies by cell and by energy have the same sum.
  bool balanced() const noexcept;
};

/// Collective: adds up the ranks' parts.
/// \param rank whose domains the tallies are of; differs from the rank in MPI where each rank
/// tracks in the whole mesh
Answer gather(MPI_Comm comm, const Mesh& mesh, const Decomposition& decomposition, int rank,
              const Tallies& tallies, const std::vector<Events>& cycles);

}  // namespace workloads::transport
