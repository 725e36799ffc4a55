// A particle: all that its future depends on, so that it can go on anywhere.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "common/random.hpp"

namespace workloads::transport {

using Vector = std::array<double, 3>;
using CellIndex = std::array<std::int32_t, 3>;  ///< of the whole mesh

/// The record that crosses from rank to rank.
/// Its random numbers come from a counter of its own, so that its history is the same whichever
/// ranks it passes, and whatever other particles do.
struct Particle {
  Vector position;         ///< cm
  Vector direction;        ///< of length 1
  double energy;           ///< MeV
  double lethargy;         ///< place of the energy in the tables, 0 to 1
  double speed;            ///< cm/s
  double weight;           ///< how many particles of the problem it stands for
  double time_left;        ///< to the end of the cycle, s
  double mean_free_paths;  ///< to the next collision
  double age;              ///< s
  std::uint64_t id;
  RandomStream random{0};
  CellIndex cell;
  std::uint32_t segments;
  std::uint32_t collisions;
  std::uint32_t generation;  ///< fissions among its ancestors
};

static_assert(std::is_trivially_copyable_v<Particle> && sizeof(Particle) == 144);

/// A random number in (0, 1).
inline double uniform(RandomStream& random) noexcept {
  return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
}

}  // namespace workloads::transport
