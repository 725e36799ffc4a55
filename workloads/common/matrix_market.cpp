#include "common/matrix_market.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace workloads {
namespace {

constexpr std::string_view banner = "%%matrixmarket";
constexpr std::string_view short_banner = "%matrixmarket";  // others write and read it, too
constexpr std::string_view banner_rule =
    "the first line must be '%%MatrixMarket matrix coordinate FIELD SYMMETRY'";
constexpr std::int64_t largest_exact_integer = std::int64_t{1} << 53;  // of a double

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// The first five words of a line; missing ones are empty.
std::array<std::string, 5> split_words(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  std::array<std::string, 5> words;
  for (std::string& word : words) {
    const auto begin = std::min(line.find_first_not_of(blanks), line.size());
    line.remove_prefix(begin);
    const auto end = std::min(line.find_first_of(blanks), line.size());
    word = line.substr(0, end);
    line.remove_prefix(end);
  }
  return words;
}

}  // namespace

bool is_matrix_market(std::string_view path, std::string_view first_line) noexcept {
  if (path.ends_with(".gz")) path.remove_suffix(3);
  return path.ends_with(".mtx") || first_line.starts_with("%%") ||
         lower_case(first_line.substr(0, short_banner.size())) == short_banner;
}

MatrixMarketReader::MatrixMarketReader(const std::string& path, Values values)
    : reader_(path), values_(values) {
  read_banner();
  read_size();
}

void MatrixMarketReader::read_banner() {
  std::string_view line;
  if (!reader_.next(line)) reader_.fail("the file is empty (a header is needed) name another file");
  const auto words = split_words(lower_case(line.substr(0, 200)));
  if (words[0] != banner && words[0] != short_banner) {
    reader_.fail(fmt::format("'{}' is not a Matrix Market header ({}) correct the file",
                             quote_word(line), banner_rule));
  }
  if (words[1] != "matrix" || words[2] != "coordinate") {
    reader_.fail(
        fmt::format("a '{} {}' cannot be read (it must be a sparse matrix: 'matrix "
                    "coordinate') convert the file",
                    quote_word(words[1]), quote_word(words[2])));
  }
  set_number(words[3]);
  set_symmetry(words[4]);
  check_weights();
}

void MatrixMarketReader::set_number(std::string_view word) {
  if (word == "pattern") {
    number_ = Number::pattern;
    header_.field = Field::pattern;
  } else if (word == "complex") {
    number_ = Number::complex;
    header_.field = Field::complex;
  } else if (word == "real" || word == "integer") {
    number_ = word == "real" ? Number::real : Number::integer;
    header_.field = Field::real;
  } else if (word == "unsigned-integer") {
    number_ = Number::unsigned_integer;
    header_.field = Field::real;
  } else {
    reader_.fail(
        fmt::format("unknown field '{}' (it must be real, integer, unsigned-integer, pattern or "
                    "complex) correct the file",
                    quote_word(word)));
  }
}

void MatrixMarketReader::set_symmetry(std::string_view word) {
  if (word == "general") {
    symmetry_ = Symmetry::general;
  } else if (word == "symmetric") {
    symmetry_ = Symmetry::symmetric;
  } else if (word == "skew-symmetric" && number_ != Number::pattern &&
             number_ != Number::unsigned_integer) {
    symmetry_ = Symmetry::skew_symmetric;
  } else if (word == "hermitian" && number_ == Number::complex) {
    symmetry_ = Symmetry::hermitian;
  } else {
    reader_.fail(
        fmt::format("symmetry '{}' is unknown or does not fit the field (it must be "
                    "general or symmetric, skew-symmetric for numbers with a sign, hermitian for "
                    "complex ones) correct the file",
                    quote_word(word)));
  }
}

/// Weights are real numbers, and what a skew-symmetric file leaves out would be negative ones.
void MatrixMarketReader::check_weights() const {
  if (values_ != Values::weights) return;
  const bool is_skew = symmetry_ == Symmetry::skew_symmetric;
  if (header_.field == Field::real && !is_skew) return;
  reader_.fail(fmt::format(
      "a {} matrix has no weights (shortest paths need a number of 0 or more for every edge) name "
      "another file, or draw random ones: --weights random",
      is_skew ? "skew-symmetric" : field_name(header_.field)));
}

void MatrixMarketReader::read_size() {
  std::string_view line;
  if (!next_data_line(line)) {
    reader_.fail("the size is missing (the file ends after the header) fetch the file again");
  }
  Fields fields(reader_, line);
  header_.rows = fields.take_unsigned("number of rows");
  header_.columns = fields.take_unsigned("number of columns");
  announced_ = fields.take_unsigned("number of entries");
  fields.expect_end("the size is three numbers: rows, columns, entries");
  if (header_.rows > max_rows || header_.columns > max_rows) {
    reader_.fail(
        fmt::format("the matrix is too large ({} x {}, at most 2^32 rows and columns are "
                    "possible) use a smaller one",
                    header_.rows, header_.columns));
  }
  if (symmetry_ != Symmetry::general && header_.rows != header_.columns) {
    reader_.fail(
        fmt::format("a {} x {} matrix cannot be symmetric (it is not square) correct the "
                    "header",
                    header_.rows, header_.columns));
  }
}

bool MatrixMarketReader::next_data_line(std::string_view& line) {
  while (reader_.next(line)) {
    const std::string_view text = without_indent(line);
    if (!text.empty() && text.front() != '%') return true;
  }
  return false;
}

std::size_t MatrixMarketReader::read(std::span<Nonzero> out) {
  std::size_t count = 0;
  std::string_view line;
  while (count + 2 <= out.size() && next_data_line(line)) {
    if (entries_read_ == announced_) {
      reader_.fail(
          fmt::format("more entries than announced (the size line says {}) correct the "
                      "size line",
                      announced_));
    }
    const Nonzero entry = parse_entry(line);
    ++entries_read_;
    out[count++] = entry;
    if (symmetry_ != Symmetry::general && entry.row != entry.column) {
      out[count++] = mirrored(entry);
    }
  }
  if (count == 0 && entries_read_ < announced_) {
    reader_.fail(
        fmt::format("the file ends after {} entries (the size line announces {}) fetch "
                    "the file again",
                    entries_read_, announced_));
  }
  return count;
}

Nonzero MatrixMarketReader::parse_entry(std::string_view line) const {
  Fields fields(reader_, line);
  Nonzero entry;
  entry.row = checked_index(fields.take_unsigned("row"), header_.rows, "row");
  entry.column = checked_index(fields.take_unsigned("column"), header_.columns, "column");
  entry.value = parse_value(fields);
  fields.expect_end("the entry is complete before it");
  if (symmetry_ == Symmetry::skew_symmetric && entry.row == entry.column) {
    reader_.fail("an entry on the diagonal (a skew-symmetric matrix has none) correct the file");
  }
  return entry;
}

std::complex<double> MatrixMarketReader::parse_value(Fields& fields) const {
  if (number_ == Number::pattern) return {};
  const bool is_complex = number_ == Number::complex;
  if (values_ == Values::ignored) {
    fields.skip_number("value");
    if (is_complex) fields.skip_number("imaginary part");
    return {};
  }
  if (values_ == Values::weights) return fields.take_weight();
  if (number_ == Number::integer || number_ == Number::unsigned_integer) {
    return parse_integer(fields);
  }
  const double real = fields.take_real("value");
  return {real, is_complex ? fields.take_real("imaginary part") : 0.0};
}

double MatrixMarketReader::parse_integer(Fields& fields) const {
  const auto exact = [this](auto value, bool fits) {
    if (!fits) {
      reader_.fail(
          fmt::format("the value {} is too large (integers are kept as doubles, exact up to 2^53) "
                      "write 'real' instead of 'integer' in the first line to have it rounded",
                      value));
    }
    return static_cast<double>(value);
  };
  if (number_ == Number::unsigned_integer) {
    const std::uint64_t value = fields.take_unsigned("value");
    return exact(value, value <= std::uint64_t{largest_exact_integer});
  }
  const std::int64_t value = fields.take_integer("value");
  return exact(value, value >= -largest_exact_integer && value <= largest_exact_integer);
}

Nonzero MatrixMarketReader::mirrored(const Nonzero& entry) const {
  Nonzero mirror{entry.column, entry.row, entry.value};
  if (symmetry_ == Symmetry::skew_symmetric) mirror.value = -entry.value;
  if (symmetry_ == Symmetry::hermitian) mirror.value = std::conj(entry.value);
  return mirror;
}

std::uint32_t MatrixMarketReader::checked_index(std::uint64_t index, std::uint64_t count,
                                                std::string_view what) const {
  if (index == 0 || index > count) {
    reader_.fail(
        fmt::format("{} {} is outside the matrix ({}s are numbered from 1 to {}) correct "
                    "the file",
                    what, index, what, count));
  }
  return static_cast<std::uint32_t>(index - 1);
}

}  // namespace workloads
