// Where the nonzeros of a matrix come from.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace workloads {

/// What a nonzero holds besides its place.
enum class Field : std::uint32_t { pattern, real, complex };

const char* field_name(Field field) noexcept;

/// What a program does with values.
enum class Values {
  used,
  ignored,  ///< it needs places only
  weights,  ///< they are lengths of edges: each has one, a real number, 0 to largest_weight
};

/// So that no sum of weights along a path overflows.
constexpr double largest_weight = 0x1p990;

/// Rows and columns are numbered from 0 in 32 bits, which bounds a matrix.
constexpr std::uint64_t max_rows = std::uint64_t{1} << 32;

struct MatrixHeader {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  Field field = Field::pattern;
};

/// A nonzero of any field; what the field lacks is 0.
struct Nonzero {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::complex<double> value;
};

/// A stream of nonzeros in no particular order; one place may occur several times.
class MatrixSource {
 public:
  MatrixSource() = default;
  virtual ~MatrixSource() = default;
  MatrixSource(const MatrixSource&) = delete;
  MatrixSource& operator=(const MatrixSource&) = delete;

  virtual const MatrixHeader& header() const noexcept = 0;
  /// \param out room for at least 2 \return nonzeros written, 0 at the end
  /// Errors: InputError.
  virtual std::size_t read(std::span<Nonzero> out) = 0;
};

/// Opens a Matrix Market file (named *.mtx or beginning with "%%MatrixMarket") or else an edge
/// list; each may be compressed with gzip. Values that are ignored may be larger than a double
/// holds, and the field of an edge list is then pattern. Errors: InputError.
std::unique_ptr<MatrixSource> open_matrix_file(const std::string& path,
                                               Values values = Values::used);

/// Looks at the beginning of such a file: down to the size of a Matrix Market matrix, which is
/// returned, or to the first edge of a list, which does not tell the size. Errors: InputError.
std::optional<MatrixHeader> look_into_matrix_file(const std::string& path, Values values);

}  // namespace workloads
