#include "common/matrix_source.hpp"

#include <string_view>

#include "common/edge_list.hpp"
#include "common/file_kind.hpp"
#include "common/input_error.hpp"
#include "common/matrix_market.hpp"
#include "common/text_reader.hpp"

namespace workloads {

const char* field_name(Field field) noexcept {
  switch (field) {
    case Field::real: return "real";
    case Field::complex: return "complex";
    case Field::pattern: break;
  }
  return "pattern";
}

namespace {

/// Whether it is a Matrix Market file, and not an edge list.
bool is_matrix_market_file(const std::string& path) {
  refuse_other_files(path);
  std::string_view first;
  TextReader reader(path);
  if (!reader.next(first)) {
    throw InputError(path, "the file is empty (it has no header and no edge) name another file");
  }
  return is_matrix_market(path, first);
}

}  // namespace

std::unique_ptr<MatrixSource> open_matrix_file(const std::string& path, Values values) {
  if (is_matrix_market_file(path)) return std::make_unique<MatrixMarketReader>(path, values);
  return std::make_unique<EdgeListReader>(path, values);
}

std::optional<MatrixHeader> look_into_matrix_file(const std::string& path, Values values) {
  if (is_matrix_market_file(path)) return MatrixMarketReader(path, values).header();
  EdgeListReader::check_first_edge(path, values);
  return std::nullopt;
}

}  // namespace workloads
