// Generated graphs: stochastic Kronecker graphs as in the Graph500 benchmark.
#pragma once

#include <array>
#include <cstdint>

#include "common/generated_graph.hpp"
#include "common/matrix_source.hpp"

namespace workloads {

/// The edges from \p begin up to \p end of a graph with edge_factor * 2^scale edges, as nonzeros.
/// Every edge depends on the options and its own number only: ranks generate a part each, and the
/// graph is the same whatever their number. Self loops and repeated edges are kept.
/// Source: Graph500 benchmark specification 3.0 (initiator 0.57, 0.19, 0.19, 0.05; labels scrambled
/// so that the degree of a vertex does not follow from its number).
class KroneckerSource : public MatrixSource {
 public:
  /// \pre 1 <= scale <= 32, begin <= end
  KroneckerSource(const GeneratedGraph& options, std::uint64_t begin, std::uint64_t end);

  const MatrixHeader& header() const noexcept override { return header_; }
  std::size_t read(std::span<Nonzero> out) override;

 private:
  Nonzero edge(std::uint64_t number) const noexcept;
  std::uint32_t scramble(std::uint32_t vertex) const noexcept;

  GeneratedGraph options_;
  MatrixHeader header_;
  std::uint64_t mask_;  ///< scale ones
  std::array<std::uint64_t, 4> scramble_keys_{};
  std::uint64_t next_;
  std::uint64_t end_;
};

}  // namespace workloads
