// Between two cycles: the source, and keeping the population at its size.
#pragma once

#include <cstdint>
#include <vector>

#include "transport/problem.hpp"
#include "transport/tallies.hpp"

namespace workloads::transport {

/// Births in the cells that one rank owns.
class Source {
 public:
  Source(const Problem& problem, const Decomposition& decomposition, int rank);

  /// Appends the particles of \p cycle. \return how many
  std::uint64_t add_births(std::uint64_t cycle, std::vector<Particle>& particles) const;

 private:
  const Problem& problem_;
  std::vector<CellIndex> cells_;
};

struct PopulationControl {
  std::uint64_t wanted;   ///< particles, on all ranks together
  std::uint64_t present;  ///< the same, on all ranks together
  std::uint64_t cycle;
};

/// Russian roulette where there are too many particles, splitting where there are too few, each
/// decided by the particle's own random numbers; weights change so that their sum is kept on
/// average.
void control_population(const PopulationControl& control, std::vector<Particle>& particles,
                        Tallies& tallies, Events& events);

}  // namespace workloads::transport
