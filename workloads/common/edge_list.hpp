// Reads directed graphs as lists of edges, the format of the SNAP collection.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/matrix_source.hpp"
#include "common/text_reader.hpp"

namespace workloads {

/// A matrix from lines "FROM TO", or "FROM TO WEIGHT" throughout: vertex ids in 0 .. 2^32-2,
/// separated by blanks or tabs; lines that begin with # or % are comments. Its field is real with
/// weights that are used, else pattern. The matrix is square, as large as the largest id
/// requires. The file is read twice: once to check it and to find that id, then for the edges, so
/// that no rank ever needs memory for the whole list.
class EdgeListReader : public MatrixSource {
 public:
  /// Reads and checks the whole file. Errors: InputError.
  explicit EdgeListReader(const std::string& path, Values values = Values::used);

  /// Reads no further than to the first edge. Errors: InputError.
  static void check_first_edge(const std::string& path, Values values);

  const MatrixHeader& header() const noexcept override { return header_; }
  std::size_t read(std::span<Nonzero> out) override;

 private:
  struct Begun {};  ///< nothing was read yet
  EdgeListReader(Begun, const std::string& path, Values values);

  bool next_edge(TextReader& reader, Nonzero& edge);

  TextReader reader_;
  Values values_;
  std::optional<bool> weighted_{};  ///< whether edges have weights; empty before the first
  MatrixHeader header_;
};

}  // namespace workloads
