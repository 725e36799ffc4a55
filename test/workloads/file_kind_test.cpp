#include "common/file_kind.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "common/matrix_options.hpp"
#include "workloads/matrix_reading.hpp"

namespace workloads {
namespace {

using testing::gzip;
using testing::parse_error;

/// The header of a tar archive of one file.
std::string tar() {
  std::string block(1024, '\0');
  block.replace(0, 8, "graph.mx");
  block.replace(257, 5, "ustar");
  return block;
}

TEST(FileKind, archives_are_named_and_how_to_unpack_them) {
  EXPECT_EQ(parse_error("graph.tar", tar()).find("graph.tar: is a tar archive"), 0U);
  const std::string packed = parse_error("graph.mtx.gz", gzip(tar()));
  EXPECT_NE(packed.find("is a tar archive"), std::string::npos) << packed;
  EXPECT_NE(packed.find("tar xf"), std::string::npos) << packed;
  EXPECT_NE(parse_error("a.zip", "PK\x03\x04" + std::string(60, 'x')).find("zip archive"),
            std::string::npos);
}

TEST(FileKind, other_compressions_are_named) {
  EXPECT_NE(parse_error("a.mtx.xz", std::string("\xfd"
                                                "7zXZ\0",
                                                6) +
                                        "rest")
                .find("compressed by xz"),
            std::string::npos);
  EXPECT_NE(parse_error("a.mtx.bz2", "BZh91AY").find("compressed by bzip2"), std::string::npos);
  EXPECT_NE(parse_error("a.mtx.zst", "\x28\xb5\x2f\xfdrest").find("by zstd"), std::string::npos);
}

TEST(FileKind, short_files_and_matrices_are_let_through) {
  EXPECT_EQ(testing::parse_matrix("graph.txt", "0 1").nonzeros.size(), 1U);
  EXPECT_EQ(testing::parse_matrix("graph.txt", std::string(300, '#') + "\n0 1\n").nonzeros.size(),
            1U);
}

// What can be known of a file before ranks are started.
std::optional<MatrixHeader> look(const std::string& name, const std::string& contents) {
  const testing::TempFile file(name, contents);
  return look_into_matrix_file(file.path(), Values::ignored);
}

TEST(LookIntoFile, tells_the_size_of_a_matrix_and_reads_no_further) {
  const auto header = look("a.mtx",
                           "%%MatrixMarket matrix coordinate pattern general\n"
                           "3 4 2\nnothing that can be read\n");
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->rows, 3U);
  EXPECT_EQ(header->columns, 4U);
  EXPECT_FALSE(look("a.txt", "# edges\n0 1\nnothing that can be read\n").has_value());
}

TEST(LookIntoFile, refuses_what_does_not_begin_like_a_matrix) {
  const auto error = [](const std::string& name, const std::string& contents) {
    return testing::input_error([&] { look(name, contents); });
  };
  EXPECT_NE(error("a.txt", "some words\n").find("'some' is not"), std::string::npos);
  EXPECT_NE(error("a.txt", "# nothing\n").find("has no edges"), std::string::npos);
  EXPECT_NE(error("a.mtx", "3 4 2\n").find("not a Matrix Market header"), std::string::npos);
  EXPECT_NE(error("a.tar", tar()).find("is a tar archive"), std::string::npos);
}

TEST(MatrixLimits, are_checked_when_the_size_is_known) {
  MatrixOptions options{.input = "a.mtx", .generated = {}};
  EXPECT_EQ(why_unusable(options, {5, 6, Field::real}), "");
  options.limits = {.square = true, .most_rows = 5};
  EXPECT_EQ(why_unusable(options, {5, 5, Field::real}), "");
  EXPECT_EQ(why_unusable(options, {5, 6, Field::real}),
            "a.mtx: the matrix has 5 rows and 6 columns (it must be square) name another file");
  EXPECT_EQ(why_unusable(options, {6, 6, Field::real}),
            "a.mtx: the matrix has 6 rows (the check of the answer can take 5) name a smaller one");
}

}  // namespace
}  // namespace workloads
