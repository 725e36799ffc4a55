// The checks of the workloads find wrong answers.
#include "transpose/verify.hpp"

#include <gtest/gtest.h>

#include <complex>
#include <utility>
#include <vector>

#include "common/matrix_compare.hpp"
#include "histogram/run.hpp"
#include "histogram/verify.hpp"
#include "transpose/transpose.hpp"
#include "workloads/mpi_alone.hpp"

namespace workloads {
namespace {

class HistogramVerify : public testing::MpiAlone {
 protected:
  static histogram::Options options() {
    return {.updates = 10000, .table = 1000, .seed = 3, .method = Method::alltoallv};
  }
  static std::vector<histogram::TableEntry> right_table() {
    std::vector<histogram::TableEntry> table(options().table);
    Work none;
    histogram::run_alltoallv(MPI_COMM_SELF, options(), table, none);
    return table;
  }
  static bool correct(std::vector<histogram::TableEntry> table) {
    return histogram::verify(MPI_COMM_SELF, options(), table).correct;
  }
};

TEST_F(HistogramVerify, accepts_the_right_table) { EXPECT_TRUE(correct(right_table())); }

TEST_F(HistogramVerify, finds_a_lost_and_a_repeated_update) {
  auto table = right_table();
  --table[17];
  EXPECT_FALSE(correct(table));
  table[17] += 2;
  EXPECT_FALSE(correct(table));
}

TEST_F(HistogramVerify, finds_an_update_of_the_wrong_entry) {
  auto table = right_table();
  --table[17];
  ++table[18];
  EXPECT_FALSE(correct(table));
}

TEST_F(HistogramVerify, payloads_of_all_sizes_give_the_same_table) {
  const auto expected = right_table();
  for (const std::uint64_t bytes : {8U, 9U, 16U, 24U, 32U, 64U, 128U, 256U, 512U, 1000U, 1024U}) {
    Work none;
    histogram::Options other = options();
    other.payload_bytes = bytes;
    std::vector<histogram::TableEntry> table(other.table);
    const RunResult result = histogram::run_alltoallv(MPI_COMM_SELF, other, table, none);
    EXPECT_EQ(table, expected) << bytes << " bytes";
    EXPECT_EQ(result.payload_bytes, bytes * other.updates);
  }
}

template <class Value>
LoadedMatrix<Value> small_matrix() {
  MatrixOptions options;
  options.generated = {.scale = 8, .edge_factor = 4};
  Input input = open_input(options, MPI_COMM_SELF);
  return load<Value>(input, MPI_COMM_SELF);
}

class TransposeVerify : public testing::MpiAlone {};

TEST_F(TransposeVerify, accepts_the_right_answer) {
  auto input = small_matrix<double>();
  auto once = transpose::transpose(MPI_COMM_SELF, input.matrix, nullptr);
  EXPECT_TRUE(transpose::matches_input(MPI_COMM_SELF, input, once));
  auto twice = transpose::transpose(MPI_COMM_SELF, once, nullptr);
  EXPECT_TRUE(same_rows(MPI_COMM_SELF, input.matrix, twice));
}

TEST_F(TransposeVerify, finds_a_changed_value_and_a_changed_column) {
  auto input = small_matrix<double>();
  auto once = transpose::transpose(MPI_COMM_SELF, input.matrix, nullptr);
  once.local.cells[5].value += 1;
  EXPECT_FALSE(transpose::matches_input(MPI_COMM_SELF, input, once));
  once.local.cells[5].value -= 1;
  once.local.cells[5].column ^= 1;
  EXPECT_FALSE(transpose::matches_input(MPI_COMM_SELF, input, once));
  auto twice = transpose::transpose(MPI_COMM_SELF, once, nullptr);
  EXPECT_FALSE(same_rows(MPI_COMM_SELF, input.matrix, twice));
}

TEST_F(TransposeVerify, finds_a_cell_that_replaced_another) {
  auto input = small_matrix<std::complex<double>>();
  auto once = transpose::transpose(MPI_COMM_SELF, input.matrix, nullptr);
  once.local.cells[5] = once.local.cells[6];
  EXPECT_FALSE(transpose::matches_input(MPI_COMM_SELF, input, once));
}

TEST_F(TransposeVerify, finds_a_cell_in_the_wrong_row) {
  auto input = small_matrix<NoValue>();
  auto once = transpose::transpose(MPI_COMM_SELF, input.matrix, nullptr);
  std::size_t row = 0;
  while (once.local.row(row).empty()) ++row;
  --once.local.row_begin[row + 1];  // its last cell is now the next row's
  EXPECT_FALSE(transpose::matches_input(MPI_COMM_SELF, input, once));
}

}  // namespace
}  // namespace workloads
