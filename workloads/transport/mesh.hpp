// The mesh, and which rank owns which part of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "transport/particle.hpp"

namespace workloads::transport {

/// A box of equal cells.
struct Mesh {
  CellIndex cells{8, 8, 8};
  Vector size{100, 100, 100};  ///< of the box, cm

  Vector cell_size() const noexcept;
  std::uint64_t count() const noexcept;
  /// Number of a cell in the order x, y, z.
  std::uint64_t number(const CellIndex& cell) const noexcept;
  CellIndex cell(std::uint64_t number) const noexcept;
};

/// A box of cells that one rank owns.
struct Domain {
  CellIndex first;  ///< its lowest cell
  CellIndex end;    ///< one behind its highest cell
  std::int32_t owner;
  std::array<std::int32_t, 3> stride;  ///< from a cell to its neighbour in the owner's arrays
  std::int64_t offset;                 ///< place of the lowest cell in the owner's arrays

  std::int64_t place(const CellIndex& cell) const noexcept {
    std::int64_t at = offset;
    for (std::size_t a = 0; a < 3; ++a) at += std::int64_t{cell[a] - first[a]} * stride[a];
    return at;
  }
};

/// The mesh in domains.
/// Shapes: without a block size one domain per rank, as a grid of ranks that is chosen to have
/// little surface; ranks may own nothing if there are fewer cells. With a block size domains are
/// cubes of so many cells, dealt to the ranks in turns along every axis, so that the neighbour of a
/// domain is another rank's.
/// Threads: immutable.
class Decomposition {
 public:
  struct Options {
    int ranks = 1;
    std::uint32_t block_cells = 0;  ///< edge of a domain; 0: one domain per rank
  };
  static constexpr std::uint64_t most_domains = std::uint64_t{1} << 20;

  Decomposition(const Mesh& mesh, const Options& options);

  const Domain& domain_of(const CellIndex& cell) const noexcept {
    std::size_t at = 0;
    for (std::size_t a = 0; a < 3; ++a) {
      at += row_[a][static_cast<std::size_t>(cell[a])];
    }
    return domains_[at];
  }
  const std::vector<Domain>& domains() const noexcept { return domains_; }
  /// Domains along each axis.
  const CellIndex& shape() const noexcept { return shape_; }
  /// Cells that \p rank owns.
  std::uint64_t cells_of(int rank) const;

  /// Domains a block size gives.
  static std::uint64_t count_domains(const Mesh& mesh, std::uint32_t block_cells);

 private:
  CellIndex shape_{};
  std::array<std::vector<std::uint32_t>, 3> row_;  ///< cell along an axis -> part of domain number
  std::vector<Domain> domains_;
};

/// Ranks along each axis: a grid of all ranks with the least work for the busiest rank, and among
/// those with the least surface.
CellIndex rank_grid(const CellIndex& cells, int ranks);

}  // namespace workloads::transport
