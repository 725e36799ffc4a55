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

std::unique_ptr<MatrixSource> open_matrix_file(const std::string& path, Values values) {
  refuse_other_files(path);
  std::string_view first;
  if (TextReader reader(path); !reader.next(first)) {
    throw InputError(path, "the file is empty (it has no header and no edge) name another file");
  } else if (is_matrix_market(path, first)) {
    return std::make_unique<MatrixMarketReader>(path, values);
  }
  return std::make_unique<EdgeListReader>(path, values);
}

}  // namespace workloads
