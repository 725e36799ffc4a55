// Cross sections: tables of nuclides, looked up for every segment.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace workloads::transport {

/// Chances of a reaction per cm, and the mean number of particles a fission sets free.
struct Reactions {
  double total;
  double scatter;
  double fission;
  double neutrons;
};

/// One line of a nuclide's table, one cache line of memory: values at a grid point, and how much
/// they change to the next one.
struct alignas(64) TableLine {
  Reactions value;
  Reactions change;
};
static_assert(sizeof(TableLine) == 64);

/// Tables of all nuclides, and the materials that consist of them.
/// Every material holds every nuclide, so a lookup reads one line of each table. Lines are far
/// apart and depend on the energy, which is random: where the tables do not fit a cache, lookups
/// read memory.
/// Shapes: nuclides times (grid points) lines. Threads: immutable.
class CrossSections {
 public:
  static constexpr std::uint32_t materials = 4;

  struct Shape {
    std::uint64_t nuclides = 1;
    std::uint64_t grid_points = 1;
    std::uint64_t seed = 1;
  };

  /// Invented nuclides: a mixture of scattering, capture and fission that varies from point to
  /// point, about \p per_cm in total.
  CrossSections(const Shape& shape, double per_cm);
  /// A medium that absorbs and does nothing else, in tables of the same shape.
  static CrossSections pure_absorber(const Shape& shape, double per_cm);

  /// Reactions of a material of density 1. \param lethargy 0 to 1 \pre material < materials
  Reactions look_up(double lethargy, std::uint32_t material) const noexcept {
    const double at = lethargy * last_point_;
    const auto point = static_cast<std::size_t>(at);
    const double part = at - static_cast<double>(point);
    const double* fraction = &fractions_[material * nuclides_];
    Reactions sum{};
    const TableLine* line = &lines_[point];
    for (std::size_t n = 0; n < nuclides_; ++n, line += grid_points_) {
      sum.total += fraction[n] * (line->value.total + part * line->change.total);
      sum.scatter += fraction[n] * (line->value.scatter + part * line->change.scatter);
      sum.fission += fraction[n] * (line->value.fission + part * line->change.fission);
      sum.neutrons += fraction[n] * (line->value.neutrons + part * line->change.neutrons);
    }
    return sum;
  }

  const void* first_touched(double lethargy) const noexcept {
    return &lines_[static_cast<std::size_t>(lethargy * last_point_)];
  }

  std::uint64_t bytes() const noexcept { return lines_.size() * sizeof(TableLine); }

 private:
  explicit CrossSections(const Shape& shape);

  std::size_t nuclides_;
  std::size_t grid_points_;
  double last_point_;
  std::vector<TableLine> lines_;
  std::vector<double> fractions_;  ///< of the nuclides in each material; add up to 1
};

}  // namespace workloads::transport
