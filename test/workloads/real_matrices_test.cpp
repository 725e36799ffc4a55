// Real matrices, against sums computed from the same files by awk.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "workloads/matrix_reading.hpp"

namespace workloads {
namespace {

struct Expected {
  std::string file;
  std::uint64_t rows;
  std::uint64_t nonzeros;
  std::uint64_t row_sum;     ///< of all nonzeros' rows, from 0
  std::uint64_t column_sum;  ///< likewise
  double value_sum;
};

const std::vector<Expected> real_matrices = {
    {"karate.mtx", 34, 156, 2535, 2535, 0},
    {"jagmesh7.mtx", 1138, 7450, 4229783, 4229783, 0},
    {"west0067.mtx", 67, 294, 9892, 9823, 34.3087486},
    {"bcsstk13.mtx.gz", 2003, 83883, 95160167, 95160167, 30220739908119.277},
    {"web-NotreDame.txt.gz", 325729, 1497134, 278232982599, 267187610118, 0},
};

void compare(const std::string& path, const Expected& expected) {
  const testing::Matrix matrix = testing::read_matrix(path);
  EXPECT_EQ(matrix.header.rows, expected.rows);
  EXPECT_EQ(matrix.header.columns, expected.rows);
  EXPECT_EQ(matrix.nonzeros.size(), expected.nonzeros);
  std::uint64_t row_sum = 0;
  std::uint64_t column_sum = 0;
  double value_sum = 0;
  for (const Nonzero& nonzero : matrix.nonzeros) {
    row_sum += nonzero.row;
    column_sum += nonzero.column;
    value_sum += nonzero.value.real();
  }
  EXPECT_EQ(row_sum, expected.row_sum);
  EXPECT_EQ(column_sum, expected.column_sum);
  EXPECT_NEAR(value_sum, expected.value_sum, 1e-9 * std::max(1.0, expected.value_sum));
}

TEST(RealMatrices, are_read_completely) {
  const std::string folder = testing::data_folder();
  if (folder.empty()) {
    std::cout << "no real matrices here (BUDDY_DATA_DIR is not set) only a copy of one small graph "
                 "is read\n";
    // The first rows of Zachary's karate club.
    const auto matrix = testing::parse_matrix(
        "karate.mtx",
        "%%MatrixMarket matrix coordinate pattern symmetric\n34 34 3\n2 1\n3 1\n4 1\n");
    EXPECT_EQ(matrix.nonzeros.size(), 6U);
    return;
  }
  for (const Expected& expected : real_matrices) {
    SCOPED_TRACE(expected.file);
    compare(folder + '/' + expected.file, expected);
  }
}

}  // namespace
}  // namespace workloads
