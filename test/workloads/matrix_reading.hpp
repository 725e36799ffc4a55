// Reads a whole matrix for a test.
#pragma once

#include <algorithm>
#include <complex>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "common/matrix_source.hpp"
#include "workloads/temp_file.hpp"

namespace workloads {

inline bool operator==(const Nonzero& a, const Nonzero& b) {
  return a.row == b.row && a.column == b.column && a.value == b.value;
}

namespace testing {

/// \param step nonzeros asked for at a time, at least 2
inline std::vector<Nonzero> read_all(MatrixSource& source, std::size_t step = 1000) {
  std::vector<Nonzero> all;
  std::vector<Nonzero> piece(step);
  while (const std::size_t got = source.read(piece)) {
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
  }
  return all;
}

struct Matrix {
  MatrixHeader header;
  std::vector<Nonzero> nonzeros;
};

inline Matrix read_matrix(const std::string& path, std::size_t step = 1000,
                          Values values = Values::used) {
  const std::unique_ptr<MatrixSource> source = open_matrix_file(path, values);
  return {source->header(), read_all(*source, step)};
}

/// Reads a file with these contents.
inline Matrix parse_matrix(const std::string& name, std::string_view contents,
                           std::size_t step = 1000) {
  const TempFile file(name, contents);
  return read_matrix(file.path(), step);
}

/// The same for a program that ignores values.
inline Matrix parse_places(const std::string& name, std::string_view contents) {
  const TempFile file(name, contents);
  return read_matrix(file.path(), 1000, Values::ignored);
}

/// What is said about a file with these contents, without the folder.
inline std::string parse_error(const std::string& name, std::string_view contents) {
  const TempFile file(name, contents);
  std::string error = input_error([&] { read_matrix(file.path()); });
  const auto at = error.find(name);
  return at == std::string::npos ? error : error.substr(at);
}

}  // namespace testing
}  // namespace workloads
