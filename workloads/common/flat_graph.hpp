// Generated graphs: flat random ones.
#pragma once

#include <cstdint>

#include "common/generated_graph.hpp"
#include "common/matrix_source.hpp"

namespace workloads {

/// The edges from \p begin up to \p end of a graph in which edge_factor edges leave every vertex,
/// as nonzeros: edge_factor in every row, in columns drawn evenly from all. Every edge depends on
/// the options and its own number only. Self loops and repeated edges are kept. Source: the flat
/// (Erdos-Renyi) matrices of bale.
class FlatSource : public MatrixSource {
 public:
  /// \pre 1 <= scale <= 32, begin <= end
  FlatSource(const GeneratedGraph& options, std::uint64_t begin, std::uint64_t end);

  const MatrixHeader& header() const noexcept override { return header_; }
  std::size_t read(std::span<Nonzero> out) override;

 private:
  GeneratedGraph options_;
  MatrixHeader header_;
  std::uint64_t next_;
  std::uint64_t end_;
};

}  // namespace workloads
