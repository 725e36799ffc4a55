// Reads sparse matrices in the Matrix Market exchange format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/matrix_source.hpp"
#include "common/text_reader.hpp"

namespace workloads {

bool is_matrix_market(std::string_view path, std::string_view first_line) noexcept;

/// Nonzeros of a coordinate matrix: real, integer, unsigned-integer, pattern or complex;
/// general, symmetric, skew-symmetric or hermitian. What a symmetric file leaves out is added: an
/// entry off the diagonal gives two nonzeros. Comments and blank lines are accepted anywhere after
/// the first line. Integers become real. Source: Boisvert, Pozo, Remington: The Matrix Market
/// Exchange Formats, NISTIR 5935, 1996.
class MatrixMarketReader : public MatrixSource {
 public:
  /// Reads up to the line with the size. Errors: InputError.
  explicit MatrixMarketReader(const std::string& path, Values values = Values::used);

  const MatrixHeader& header() const noexcept override { return header_; }
  std::size_t read(std::span<Nonzero> out) override;

 private:
  enum class Number { pattern, integer, unsigned_integer, real, complex };
  enum class Symmetry { general, symmetric, skew_symmetric, hermitian };

  void read_banner();
  void set_number(std::string_view word);
  void set_symmetry(std::string_view word);
  void check_weights() const;
  void read_size();
  bool next_data_line(std::string_view& line);
  Nonzero parse_entry(std::string_view line) const;
  std::complex<double> parse_value(Fields& fields) const;
  double parse_integer(Fields& fields) const;
  Nonzero mirrored(const Nonzero& entry) const;
  std::uint32_t checked_index(std::uint64_t index, std::uint64_t count,
                              std::string_view what) const;

  TextReader reader_;
  Values values_;
  MatrixHeader header_;
  Number number_ = Number::real;
  Symmetry symmetry_ = Symmetry::general;
  std::uint64_t announced_ = 0;  ///< entries in the file
  std::uint64_t entries_read_ = 0;
};

}  // namespace workloads
