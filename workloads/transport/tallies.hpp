// What a run counts, all of it in whole numbers, so that sums do not depend on any order.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "transport/particle.hpp"

namespace workloads::transport {

/// What happens to particles; the first ones are the terms of the balance.
enum class Event : std::size_t {
  started,    ///< in flight when the cycle began
  sourced,    ///< born by the source
  split,      ///< added by population control
  produced,   ///< set free by fissions
  rouletted,  ///< taken out by population control
  absorbed,
  fissioned,  ///< ended by a fission
  escaped,
  census,  ///< in flight when the cycle ended
  segments,
  scattered,
  crossed,    ///< passed a facet between two cells
  reflected,  ///< at the outside
  count
};

/// Counts of one cycle.
class Events {
 public:
  std::uint64_t& operator[](Event event) noexcept {
    return counts_[static_cast<std::size_t>(event)];
  }
  std::uint64_t operator[](Event event) const noexcept {
    return counts_[static_cast<std::size_t>(event)];
  }
  std::array<std::uint64_t, static_cast<std::size_t>(Event::count)>& counts() noexcept {
    return counts_;
  }
  const std::array<std::uint64_t, static_cast<std::size_t>(Event::count)>& counts() const noexcept {
    return counts_;
  }

  /// As many came as went. \pre sums over all ranks
  bool balanced() const noexcept;

 private:
  std::array<std::uint64_t, static_cast<std::size_t>(Event::count)> counts_{};
};

/// In 2^-20 of the unit; sums go round at 2^64, which no check minds.
inline std::uint64_t fixed_point(double value) noexcept {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(value * 0x1p20));
}

/// Tallies of the cells and energies that a rank sees.
struct Tallies {
  static constexpr std::size_t groups = 64;

  struct Cell {
    std::uint64_t path = 0;     ///< weight times path length, 2^-20 cm
    std::uint64_t deposit = 0;  ///< weight times energy left there, 2^-20 MeV
  };

  explicit Tallies(std::size_t cell_count) : cells(cell_count) {}

  std::vector<Cell> cells;                       ///< this rank's, in the order of its domains
  std::array<std::uint64_t, groups> spectrum{};  ///< path by energy, equal parts of lethargy
  std::uint64_t histories = 0;                   ///< sum of the marks of all that ended
};

/// A word in which every member of a particle has its part.
inline std::uint64_t mark_of(const Particle& particle) noexcept {
  RandomStream random = particle.random;
  std::uint64_t mark = particle.id ^ random.next();
  for (const double value :
       {particle.energy, particle.weight, particle.age, particle.mean_free_paths,
        particle.position[0], particle.position[1], particle.position[2]}) {
    mark = mix64(mark + std::bit_cast<std::uint64_t>(value));
  }
  const std::uint64_t counts = std::uint64_t{particle.segments} << 32 | particle.collisions;
  return mix64(mark + counts + std::uint64_t{particle.generation} * 0x9e3779b97f4a7c15U);
}

}  // namespace workloads::transport
