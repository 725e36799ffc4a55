// What graph to generate.
#pragma once

#include <cstdint>

#include "common/matrix_source.hpp"

namespace workloads {

enum class GraphShape {
  kronecker,  ///< few vertices have most of the edges: KroneckerSource
  flat,       ///< all vertices have equally many: FlatSource
};

struct GeneratedGraph {
  int scale = 16;  ///< 2^scale vertices, 1 to 32
  std::uint64_t edge_factor = 16;
  Field field = Field::real;  ///< values uniform in [0, 1)
  std::uint64_t seed = 1;
  GraphShape shape = GraphShape::kronecker;

  std::uint64_t edges() const noexcept { return edge_factor << scale; }
};

/// 53 random bits as a number in [0, 1).
constexpr double unit_interval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace workloads
