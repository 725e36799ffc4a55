#include "common/edge_list.hpp"

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

Matrix parse(const std::string& contents) { return parse_matrix("graph.txt", contents); }
std::string error_of(const std::string& contents) { return parse_error("graph.txt", contents); }

TEST(EdgeList, edges_separated_by_tabs_or_blanks) {
  const Matrix matrix = parse(
      "# Directed graph\n"
      "# FromNodeId\tToNodeId\n"
      "0\t3\r\n"
      "\n"
      "  2   1\n"
      "% another kind of comment\n"
      "2 2");
  EXPECT_EQ(matrix.header.rows, 4U);
  EXPECT_EQ(matrix.header.columns, 4U);
  EXPECT_EQ(matrix.header.field, Field::pattern);
  EXPECT_EQ(matrix.nonzeros, (Nonzeros{{0, 3, {}}, {2, 1, {}}, {2, 2, {}}}));
}

TEST(EdgeList, compressed_reads_like_plain) {
  EXPECT_EQ(parse_matrix("graph.txt.gz", gzip("0 1\n1 2\n")).nonzeros,
            (Nonzeros{{0, 1, {}}, {1, 2, {}}}));
}

TEST(EdgeList, repeated_edges_are_kept) { EXPECT_EQ(parse("1 0\n1 0\n").nonzeros.size(), 2U); }

TEST(EdgeList, largest_id) {
  EXPECT_EQ(parse("0 4294967294\n").header.rows, 4294967295U);
  EXPECT_EQ(error_of("0 1\n0 4294967295\n")
                .find("graph.txt:2: the target vertex 4294967295 is "
                      "too large (ids up to 4294967294"),
            0U);
  EXPECT_NE(error_of("123456789012345678901234567890 1\n").find("too large"), std::string::npos);
}

TEST(EdgeList, wrong_lines) {
  EXPECT_EQ(error_of("# c\n0 1\n-1 2\n").find("graph.txt:3: the source vertex '-1' is negative"),
            0U);
  EXPECT_NE(error_of("a b\n").find("'a' is not a whole number"), std::string::npos);
  EXPECT_NE(error_of("1\n").find("the target vertex is missing"), std::string::npos);
  EXPECT_NE(error_of("1 2 0.5 7\n").find("unexpected '7'"), std::string::npos);
  EXPECT_NE(error_of("1 2 x\n").find("the weight 'x' is not a number"), std::string::npos);
  EXPECT_NE(error_of("1,2\n").find("'1,2' is not"), std::string::npos);
  EXPECT_NE(error_of(std::string("\x7f"
                                 "ELF\0\0",
                                 6))
                .find("is not"),
            std::string::npos);
}

TEST(EdgeList, weights_are_values_where_values_are_used) {
  const std::string text = "# weighted\n  # indented\n0 1 0.5\n2\t0\t-3\n";
  const Matrix matrix = parse(text);
  EXPECT_EQ(matrix.header.field, Field::real);
  EXPECT_EQ(matrix.nonzeros, (Nonzeros{{0, 1, 0.5}, {2, 0, -3.0}}));
  const Matrix places = parse_places("graph.txt", text);
  EXPECT_EQ(places.header.field, Field::pattern);
  EXPECT_EQ(places.nonzeros, (Nonzeros{{0, 1, {}}, {2, 0, {}}}));
}

TEST(EdgeList, all_edges_have_weights_or_none_has) {
  EXPECT_EQ(error_of("0 1\n1 2 5\n")
                .find("graph.txt:2: this edge has a weight, those before it "
                      "have none"),
            0U);
  EXPECT_EQ(error_of("0 1 5\n1 2\n")
                .find("graph.txt:2: this edge has no weight, those before it "
                      "have one"),
            0U);
}

TEST(EdgeList, files_without_edges) {
  EXPECT_NE(error_of("").find("the file is empty"), std::string::npos);
  EXPECT_NE(error_of("# only\n# comments\n").find("has no edges"), std::string::npos);
}

TEST(EdgeList, truncated_gzip) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919 % 5000) + " 1\n";
  const std::string packed = gzip(text);
  EXPECT_NE(parse_error("graph.txt.gz", packed.substr(0, packed.size() / 2)).find("truncated"),
            std::string::npos);
}

}  // namespace
}  // namespace workloads
