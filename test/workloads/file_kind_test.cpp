#include "common/file_kind.hpp"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace workloads
