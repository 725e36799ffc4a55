#include "common/matrix_market.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "workloads/matrix_reading.hpp"

namespace workloads {
namespace {

using testing::gzip;
using testing::Matrix;
using testing::parse_error;
using testing::parse_matrix;
using testing::parse_places;

using Nonzeros = std::vector<Nonzero>;

Matrix parse(const std::string& contents) { return parse_matrix("small.mtx", contents); }
std::string error_of(const std::string& contents) { return parse_error("small.mtx", contents); }

TEST(MatrixMarket, real_general) {
  const Matrix matrix = parse(
      "%%MatrixMarket matrix coordinate real general\n"
      "% a comment\n"
      "\n"
      "3 4 2\n"
      "1 4 -.5\n"
      "3 1 1e3\n");
  EXPECT_EQ(matrix.header.rows, 3U);
  EXPECT_EQ(matrix.header.columns, 4U);
  EXPECT_EQ(matrix.header.field, Field::real);
  EXPECT_EQ(matrix.nonzeros, (Nonzeros{{0, 3, -0.5}, {2, 0, 1000.0}}));
}

TEST(MatrixMarket, header_in_any_case_blank_lines_and_comments_between_entries) {
  const Matrix matrix = parse(
      "%%matrixmarket MATRIX Coordinate INTEGER General\r\n"
      "  \r\n"
      "2 2 2\r\n"
      "1 1 +3\r\n"
      "% in between\r\n"
      "\r\n"
      "\t2 2 -4 \r\n");
  EXPECT_EQ(matrix.header.field, Field::real);
  EXPECT_EQ(matrix.nonzeros, (Nonzeros{{0, 0, 3.0}, {1, 1, -4.0}}));
}

TEST(MatrixMarket, symmetric_pattern_is_mirrored_off_the_diagonal) {
  const Matrix matrix = parse(
      "%%MatrixMarket matrix coordinate pattern symmetric\n"
      "3 3 2\n2 1\n3 3\n");
  EXPECT_EQ(matrix.header.field, Field::pattern);
  EXPECT_EQ(matrix.nonzeros, (Nonzeros{{1, 0, {}}, {0, 1, {}}, {2, 2, {}}}));
}

TEST(MatrixMarket, skew_symmetric_changes_the_sign) {
  const Matrix matrix = parse(
      "%%MatrixMarket matrix coordinate real skew-symmetric\n"
      "2 2 1\n2 1 5\n");
  EXPECT_EQ(matrix.nonzeros, (Nonzeros{{1, 0, 5.0}, {0, 1, -5.0}}));
}

TEST(MatrixMarket, hermitian_conjugates) {
  const Matrix matrix = parse(
      "%%MatrixMarket matrix coordinate complex hermitian\n"
      "2 2 2\n1 1 7 0\n2 1 5 -6\n");
  EXPECT_EQ(matrix.header.field, Field::complex);
  EXPECT_EQ(matrix.nonzeros, (Nonzeros{{0, 0, 7.0}, {1, 0, {5, -6}}, {0, 1, {5, 6}}}));
}

TEST(MatrixMarket, compressed_reads_like_plain) {
  const std::string text = "%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 2\n";
  EXPECT_EQ(parse_matrix("small.mtx.gz", gzip(text)).nonzeros, parse(text).nonzeros);
}

TEST(MatrixMarket, is_recognised_by_content_too) {
  const std::string text = "%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 2\n";
  EXPECT_EQ(parse_matrix("small.txt", text).nonzeros, (Nonzeros{{0, 0, 2.0}}));
}

TEST(MatrixMarket, small_steps_lose_nothing) {
  std::string text = "%%MatrixMarket matrix coordinate pattern symmetric\n100 100 99\n";
  for (int i = 2; i <= 100; ++i) text += std::to_string(i) + " 1\n";
  const Nonzeros expected = parse(text).nonzeros;
  EXPECT_EQ(expected.size(), 198U);
  for (const std::size_t step : {2U, 3U, 7U}) {
    EXPECT_EQ(parse_matrix("small.mtx", text, step).nonzeros, expected);
  }
}

TEST(MatrixMarket, matrix_without_entries) {
  EXPECT_TRUE(parse("%%MatrixMarket matrix coordinate real general\n5 5 0\n").nonzeros.empty());
}

TEST(MatrixMarket, wrong_header) {
  EXPECT_EQ(error_of("3 3 1\n1 1 1\n").find("small.mtx:1: '3' is not a Matrix Market header"), 0U);
  EXPECT_NE(error_of("%%MatrixMarket matrix array real general\n").find("'matrix array'"),
            std::string::npos);
  EXPECT_NE(error_of("%%MatrixMarket matrix coordinate quaternion general\n")
                .find("unknown field 'quaternion'"),
            std::string::npos);
  EXPECT_NE(error_of("%%MatrixMarket matrix coordinate real\n").find("symmetry ''"),
            std::string::npos);
  EXPECT_NE(error_of("%%MatrixMarket matrix coordinate pattern hermitian\n").find("'hermitian'"),
            std::string::npos);
}

TEST(MatrixMarket, wrong_size_line) {
  const std::string header = "%%MatrixMarket matrix coordinate real symmetric\n";
  EXPECT_NE(error_of(header).find("the size is missing"), std::string::npos);
  EXPECT_EQ(error_of(header + "% c\n3 3\n").find("small.mtx:3: the number of entries is missing"),
            0U);
  EXPECT_NE(error_of(header + "3 4 1\n").find("not square"), std::string::npos);
  EXPECT_NE(error_of(header + "5000000000 5000000000 1\n").find("at most 2^32"), std::string::npos);
  EXPECT_NE(error_of(header + "3 3 1 1\n").find("unexpected '1'"), std::string::npos);
}

TEST(MatrixMarket, wrong_entries) {
  const std::string header = "%%MatrixMarket matrix coordinate real general\n3 4 2\n1 1 1\n";
  EXPECT_EQ(error_of(header + "4 1 1\n").find("small.mtx:4: row 4 is outside the matrix"), 0U);
  EXPECT_NE(error_of(header + "1 5 1\n").find("column 5 is outside"), std::string::npos);
  EXPECT_NE(error_of(header + "0 1 1\n").find("row 0 is outside"), std::string::npos);
  EXPECT_NE(error_of(header + "-1 1 1\n").find("is negative"), std::string::npos);
  EXPECT_NE(error_of(header + "one 1 1\n").find("'one' is not a whole number"), std::string::npos);
  EXPECT_NE(error_of(header + "1 1 x\n").find("the value 'x' is not a number"), std::string::npos);
  EXPECT_NE(error_of(header + "1 1\n").find("the value is missing"), std::string::npos);
  EXPECT_NE(error_of(header + "1 1 1 1\n").find("unexpected '1'"), std::string::npos);
  EXPECT_NE(error_of(header + "1 1 1e999\n").find("too large"), std::string::npos);
}

TEST(MatrixMarket, integers_stay_exact_or_are_refused) {
  const std::string header = "%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 ";
  EXPECT_EQ(parse(header + "9007199254740992\n").nonzeros, (Nonzeros{{0, 0, 0x1p53}}));
  EXPECT_NE(error_of(header + "9007199254740993\n").find("exact"), std::string::npos);
  EXPECT_NE(error_of(header + "1.5\n").find("'1.5' is not a whole number"), std::string::npos);
}

TEST(MatrixMarket, banner_with_one_percent_sign_and_indented_comments) {
  const std::string text =
      "%MatrixMarket matrix coordinate real general\n  % a comment\n\t%\n1 1 1\n \t% c\n1 1 2\n";
  EXPECT_EQ(parse(text).nonzeros, (Nonzeros{{0, 0, 2.0}}));
  EXPECT_EQ(parse_matrix("small.txt", text).nonzeros, (Nonzeros{{0, 0, 2.0}}));
}

TEST(MatrixMarket, unsigned_integers) {
  const std::string header = "%%MatrixMarket matrix coordinate unsigned-integer ";
  const Matrix matrix = parse(header + "symmetric\n2 2 1\n2 1 9007199254740992\n");
  EXPECT_EQ(matrix.header.field, Field::real);
  EXPECT_EQ(matrix.nonzeros, (Nonzeros{{1, 0, 0x1p53}, {0, 1, 0x1p53}}));
  EXPECT_NE(error_of(header + "general\n1 1 1\n1 1 -1\n").find("is negative"), std::string::npos);
  EXPECT_NE(error_of(header + "general\n1 1 1\n1 1 18446744073709551615\n").find("exact"),
            std::string::npos);
  EXPECT_NE(error_of(header + "skew-symmetric\n1 1 0\n").find("numbers with a sign"),
            std::string::npos);
}

TEST(MatrixMarket, ignored_values_may_be_of_any_size) {
  for (const std::string value :
       {"integer general\n1 1 1\n1 1 9007199254740993",
        "unsigned-integer general\n1 1 1\n1 1 99999999999999999999",
        "real general\n1 1 1\n1 1 1e999", "complex general\n1 1 1\n1 1 1e999 -1e999"}) {
    const std::string text = "%%MatrixMarket matrix coordinate " + value;
    EXPECT_EQ(parse_places("small.mtx", text).nonzeros, (Nonzeros{{0, 0, {}}})) << text;
    EXPECT_NE(error_of(text), "") << text;
  }
}

TEST(MatrixMarket, diagonal_of_a_skew_symmetric_matrix) {
  EXPECT_NE(error_of("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 0\n")
                .find("diagonal"),
            std::string::npos);
}

TEST(MatrixMarket, fewer_or_more_entries_than_announced) {
  const std::string header = "%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 1\n";
  EXPECT_EQ(error_of(header).find("small.mtx:3: the file ends after 1 entries (the size line "
                                  "announces 2)"),
            0U);
  EXPECT_EQ(error_of(header + "2 2\n3 3\n").find("small.mtx:5: more entries than announced"), 0U);
  EXPECT_EQ(parse(header + "2 2\n\n% the end\n").nonzeros.size(), 2U);
}

TEST(MatrixMarket, empty_file) {
  EXPECT_NE(error_of("").find("the file is empty"), std::string::npos);
}

}  // namespace
}  // namespace workloads
