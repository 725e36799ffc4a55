// What is simulated: the parts of it that every rank has.
#pragma once

#include <cstdint>
#include <vector>

#include "transport/cross_sections.hpp"
#include "transport/mesh.hpp"
#include "transport/options.hpp"

namespace workloads::transport {

/// A box of matter with a source in it.
struct Problem {
  Mesh mesh;
  CrossSections cross_sections;
  Vector albedo;         ///< chance to be thrown back at the outside, by axis
  std::uint64_t source;  ///< particles born in a cycle
  std::uint64_t wanted;  ///< population that is aimed at; 0: no population control
  std::uint64_t cycles;
  std::uint64_t batch;  ///< particles tracked between two polls
  std::uint64_t seed;
  double cycle_seconds;
  bool uniform;  ///< one material of density 1
};

/// Density and material of a cell.
struct CellData {
  float density;
  std::uint32_t material;
};
CellData cell_data(const Problem& problem, std::uint64_t number);

/// A reactor in outline: materials of several densities, scattering and fission, walls that throw
/// most particles back.
Problem make_core(const Options& options);

/// A slab that only absorbs, infinite in y and z, of \ref slab_thickness mean free paths in x.
Problem make_slab(const Options& options);

/// Mean free paths from one side of the slab to the other.
inline constexpr double slab_thickness = 2;

/// The chance to leave the slab that theory gives for particles born evenly in it, flying in all
/// directions alike: (1 - 2 E3(t)) / 2t.
/// Source: Doorbell and Glasstone, Nuclear Reactor Theory, 1970, escape probabilities.
double slab_escape_probability(double thickness);

/// Energies in the tables, MeV.
inline constexpr double lowest_energy = 1e-5;
inline constexpr double highest_energy = 20;
double lethargy_of(double energy);
/// Of a neutron, cm/s.
double speed_of(double energy);

/// Particle \p index of the source in cycle \p cycle, 0 <= index < problem.source; born in cell
/// number index * cells / source.
Particle give_birth(const Problem& problem, std::uint64_t cycle, std::uint64_t index,
                    const CellIndex& cell);

/// First particle of the source that is born in cell \p number.
inline std::uint64_t first_birth(const Problem& problem, std::uint64_t number) {
  return static_cast<std::uint64_t>(Uint128{problem.source} * number / problem.mesh.count());
}

/// Sends a particle off in a random direction with a random way to its next collision.
void set_off(Particle& particle);

}  // namespace workloads::transport
