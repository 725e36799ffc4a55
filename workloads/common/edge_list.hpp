// Reads directed graphs as lists of edges, the format of the SNAP collection.
#pragma once

#include <string>
#include <string_view>

#include "common/matrix_source.hpp"
#include "common/text_reader.hpp"

namespace workloads {

/// A pattern matrix from lines "FROM TO": vertex ids in 0 .. 2^32-2, separated by blanks or tabs;
/// lines that begin with # or % are comments. The matrix is square, as large as the largest id
/// requires. The file is read twice: once to check it and to find that id, then for the edges, so
/// that no rank ever needs memory for the whole list.
class EdgeListReader : public MatrixSource {
 public:
  /// Reads and checks the whole file. Errors: InputError.
  explicit EdgeListReader(const std::string& path);

  const MatrixHeader& header() const noexcept override { return header_; }
  std::size_t read(std::span<Nonzero> out) override;

 private:
  TextReader reader_;
  MatrixHeader header_;
};

}  // namespace workloads
