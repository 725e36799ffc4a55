// What a run of the particle transport does.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <optional>

#include "common/report.hpp"
#include "transport/particle.hpp"

namespace workloads::transport {

enum class Kind {
  core,  ///< scattering, absorption and fission between walls
  slab,  ///< absorption alone, whose answer theory knows
};

struct Options {
  Kind kind = Kind::core;
  std::uint64_t particles = 100'000;  ///< population aimed at, or slab: born per cycle
  CellIndex mesh{8, 8, 8};            ///< cells along the axes
  std::uint64_t block = 1;            ///< cells along a domain's edge; 0: one domain per rank
  std::uint64_t cycles = 6;
  std::uint64_t work = 1;        ///< nuclides, hence table lookups per segment
  std::uint64_t grid = 1 << 14;  ///< lines of a nuclide's table
  std::uint64_t albedo_percent = 90;
  std::uint64_t batch = 256;  ///< particles tracked between two polls
  std::uint64_t seed = 1;
  std::uint64_t rounds = 1;  ///< times that the measured work is done
  Method method = Method::buddy;
};

inline constexpr std::uint64_t most_cells = std::uint64_t{1} << 24;

/// "16" or "16x8x8". \return nothing if it is no mesh, or one of more than most_cells
std::optional<CellIndex> parse_mesh(const std::string& text);

/// Collective. \return the exit code instead if the program ends here
std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options);

}  // namespace workloads::transport
