#include "transport/mesh.hpp"

#include <algorithm>
#include <tuple>

namespace workloads::transport {
namespace {

/// Splits \p cells into \p parts as evenly as it goes: first cell of part \p part.
std::int32_t first_of_part(std::int32_t cells, std::int32_t parts, std::int32_t part) {
  return static_cast<std::int32_t>(std::int64_t{cells} * part / parts);
}

std::int32_t blocks(std::int32_t cells, std::uint32_t block_cells) {
  const auto block = static_cast<std::int64_t>(block_cells);
  return static_cast<std::int32_t>((cells + block - 1) / block);
}

/// First cells of the domains along an axis, and the end of the last one.
std::vector<std::int32_t> cuts_along(std::int32_t cells, std::int32_t parts,
                                     std::uint32_t block_cells) {
  std::vector<std::int32_t> cuts;
  for (std::int32_t part = 0; part < parts; ++part) {
    cuts.push_back(block_cells == 0 ? first_of_part(cells, parts, part)
                                    : part * static_cast<std::int32_t>(block_cells));
  }
  cuts.push_back(cells);
  return cuts;
}

}  // namespace

Vector Mesh::cell_size() const noexcept {
  Vector result{};
  for (std::size_t a = 0; a < 3; ++a) result[a] = size[a] / cells[a];
  return result;
}

std::uint64_t Mesh::count() const noexcept {
  std::uint64_t product = 1;
  for (const std::int32_t along : cells) product *= static_cast<std::uint64_t>(along);
  return product;
}

std::uint64_t Mesh::number(const CellIndex& cell) const noexcept {
  std::uint64_t at = 0;
  for (std::size_t a = 3; a-- > 0;) {
    at = at * static_cast<std::uint64_t>(cells[a]) + static_cast<std::uint64_t>(cell[a]);
  }
  return at;
}

CellIndex Mesh::cell(std::uint64_t number) const noexcept {
  CellIndex cell{};
  for (std::size_t a = 0; a < 3; ++a) {
    const auto along = static_cast<std::uint64_t>(cells[a]);
    cell[a] = static_cast<std::int32_t>(number % along);
    number /= along;
  }
  return cell;
}

CellIndex rank_grid(const CellIndex& cells, int ranks) {
  using Cost = std::tuple<std::int64_t, std::int64_t>;
  CellIndex best{ranks, 1, 1};
  Cost least{-1, -1};
  for (std::int32_t x = 1; x <= ranks; ++x) {
    if (ranks % x != 0) continue;
    for (std::int32_t y = 1; y <= ranks / x; ++y) {
      if (ranks / x % y != 0) continue;
      const CellIndex grid{x, y, ranks / x / y};
      std::array<std::int64_t, 3> edge{};  // of the largest domain
      for (std::size_t a = 0; a < 3; ++a) edge[a] = (cells[a] + grid[a] - 1) / grid[a];
      const Cost cost{edge[0] * edge[1] * edge[2],
                      edge[0] * edge[1] + edge[1] * edge[2] + edge[2] * edge[0]};
      if (std::get<0>(least) >= 0 && least < cost) continue;
      least = cost;
      best = grid;  // of equal ones the last: the longest cuts along x, whose cells are neighbours
    }
  }
  return best;
}

std::uint64_t Decomposition::count_domains(const Mesh& mesh, std::uint32_t block_cells) {
  std::uint64_t product = 1;
  for (const std::int32_t along : mesh.cells) {
    product *= static_cast<std::uint64_t>(blocks(along, block_cells));
  }
  return product;
}

Decomposition::Decomposition(const Mesh& mesh, const Options& options) {
  const bool dealt = options.block_cells != 0;
  shape_ = rank_grid(mesh.cells, options.ranks);
  std::array<std::vector<std::int32_t>, 3> cuts;
  std::uint32_t step = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    if (dealt) shape_[a] = blocks(mesh.cells[a], options.block_cells);
    cuts[a] = cuts_along(mesh.cells[a], shape_[a], options.block_cells);
    row_[a].resize(static_cast<std::size_t>(mesh.cells[a]));
    for (std::int32_t part = 0; part < shape_[a]; ++part) {
      const auto p = static_cast<std::size_t>(part);
      std::fill(row_[a].begin() + cuts[a][p], row_[a].begin() + cuts[a][p + 1],
                static_cast<std::uint32_t>(part) * step);
    }
    step *= static_cast<std::uint32_t>(shape_[a]);
  }
  std::vector<std::int64_t> cells_so_far(static_cast<std::size_t>(options.ranks));
  domains_.reserve(step);
  for (std::int32_t z = 0; z < shape_[2]; ++z) {
    for (std::int32_t y = 0; y < shape_[1]; ++y) {
      for (std::int32_t x = 0; x < shape_[0]; ++x) {
        Domain domain{};
        const CellIndex at{x, y, z};
        std::int32_t stride = 1;
        for (std::size_t a = 0; a < 3; ++a) {
          const auto part = static_cast<std::size_t>(at[a]);
          domain.first[a] = cuts[a][part];
          domain.end[a] = cuts[a][part + 1];
          domain.stride[a] = stride;
          stride *= domain.end[a] - domain.first[a];
        }
        domain.owner = dealt ? static_cast<std::int32_t>((std::int64_t{x} + y + z) % options.ranks)
                             : x + shape_[0] * (y + shape_[1] * z);
        std::int64_t& offset = cells_so_far[static_cast<std::size_t>(domain.owner)];
        domain.offset = offset;
        offset += stride;
        domains_.push_back(domain);
      }
    }
  }
}

std::uint64_t Decomposition::cells_of(int rank) const {
  std::uint64_t sum = 0;
  for (const Domain& domain : domains_) {
    if (domain.owner != rank) continue;
    std::uint64_t product = 1;
    for (std::size_t a = 0; a < 3; ++a) {
      product *= static_cast<std::uint64_t>(domain.end[a] - domain.first[a]);
    }
    sum += product;
  }
  return sum;
}

}  // namespace workloads::transport
