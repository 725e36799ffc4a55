// The checks of indexgather, permute and toposort find wrong answers.
#include <gtest/gtest.h>

#include <complex>
#include <utility>
#include <vector>

#include "common/matrix_input.hpp"
#include "common/row_collector.hpp"
#include "indexgather/run.hpp"
#include "indexgather/verify.hpp"
#include "permute/formula.hpp"
#include "permute/verify.hpp"
#include "toposort/verify.hpp"
#include "workloads/mpi_alone.hpp"

namespace workloads {
namespace {

class IndexgatherVerify : public testing::MpiAlone {
 protected:
  static indexgather::Options options() { return {.requests = 5000, .table = 300, .seed = 4}; }
  static std::vector<std::uint64_t> right_answers() {
    std::vector<std::uint64_t> table(options().table);
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = indexgather::table_entry(4, i);
    std::vector<std::uint64_t> answers(options().requests);
    Work none;
    indexgather::run_alltoallv(MPI_COMM_SELF, options(), {table, answers}, none);
    return answers;
  }
};

TEST_F(IndexgatherVerify, accepts_the_right_answers) {
  EXPECT_TRUE(indexgather::verify(MPI_COMM_SELF, options(), right_answers()).correct);
}

TEST_F(IndexgatherVerify, finds_a_wrong_and_a_missing_answer_and_two_swapped_ones) {
  const auto answers = right_answers();
  const auto right = indexgather::verify(MPI_COMM_SELF, options(), answers);
  auto wrong = answers;
  wrong[17] ^= 1;
  EXPECT_FALSE(indexgather::verify(MPI_COMM_SELF, options(), wrong).correct);
  wrong[17] = 0;
  EXPECT_FALSE(indexgather::verify(MPI_COMM_SELF, options(), wrong).correct);
  wrong = answers;
  std::swap(wrong[17], wrong[18]);
  const auto swapped = indexgather::verify(MPI_COMM_SELF, options(), wrong);
  EXPECT_FALSE(swapped.correct);
  EXPECT_NE(swapped.answer_checksum, right.answer_checksum);
}

TEST(IndexgatherShares, cover_all_requests_in_order) {
  for (const std::uint64_t requests : {0U, 1U, 7U, 8U, 9U, 1000U}) {
    for (const int ranks : {1, 3, 8}) {
      std::uint64_t next = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const auto share = indexgather::Share::of(requests, rank, ranks);
        EXPECT_EQ(share.first, next);
        next += share.count;
      }
      EXPECT_EQ(next, requests);
    }
  }
}

class PermuteVerify : public testing::MpiAlone {
 protected:
  PermuteVerify()
      : input_(load_small()), formula_(input_.matrix.row_blocks.rows(), input_.matrix.columns, 9) {}

  static LoadedMatrix<double> load_small() {
    Input input =
        open_input({.input = {}, .generated = {.scale = 7, .edge_factor = 4}}, MPI_COMM_SELF);
    return load<double>(input, MPI_COMM_SELF);
  }
  DistributedMatrix<double> right_answer() const {
    const DistributedMatrix<double>& matrix = input_.matrix;
    RowCollector<double> collector(matrix.local.rows());
    for (std::uint32_t i = 0; i < matrix.local.rows(); ++i) {
      for (const auto& cell : matrix.local.row(i)) {
        collector.add({formula_.rows(i), formula_.columns(cell.column), cell.value});
      }
    }
    return {matrix.row_blocks, matrix.columns, 0, collector.build()};
  }
  bool correct(const DistributedMatrix<double>& permuted) const {
    return permute::matches_formula(MPI_COMM_SELF, input_, formula_, permuted);
  }

  LoadedMatrix<double> input_;
  permute::Formula formula_;
};

TEST_F(PermuteVerify, accepts_the_right_answer) { EXPECT_TRUE(correct(right_answer())); }

TEST_F(PermuteVerify, finds_a_wrong_column_a_wrong_value_and_a_replaced_cell) {
  auto permuted = right_answer();
  permuted.local.cells[5].column ^= 1;
  EXPECT_FALSE(correct(permuted));
  permuted = right_answer();
  permuted.local.cells[5].value += 1;
  EXPECT_FALSE(correct(permuted));
  permuted = right_answer();
  permuted.local.cells[5] = permuted.local.cells[6];
  EXPECT_FALSE(correct(permuted));
}

TEST_F(PermuteVerify, finds_the_unpermuted_matrix) { EXPECT_FALSE(correct(input_.matrix)); }

TEST_F(PermuteVerify, lists_undo_each_other) {
  const BlockDistribution& blocks = input_.matrix.row_blocks;
  const auto there = make_lists(formula_, permute::Direction::forward, blocks, blocks, 0);
  const auto back = make_lists(formula_, permute::Direction::back, blocks, blocks, 0);
  for (std::uint32_t i = 0; i < there.rows.size(); ++i) {
    EXPECT_EQ(back.rows[there.rows[i]], i);
    EXPECT_EQ(back.columns[there.columns[i]], i);
  }
}

/// Undoing the shuffling is one right answer.
class ToposortVerify : public testing::MpiAlone {
 protected:
  static constexpr std::uint64_t size = 256;
  static MatrixOptions options() {
    return {.input = {}, .generated = {.scale = 8, .edge_factor = 3, .seed = 2}};
  }
  static toposort::Order right_order() {
    const toposort::Shuffling shuffling(size, options().generated.seed);
    toposort::Order order{std::vector<std::uint32_t>(size), std::vector<std::uint32_t>(size)};
    for (std::uint32_t i = 0; i < size; ++i) {
      const toposort::Place place = shuffling.diagonal(i);
      order.rows[place.row] = i;
      order.columns[place.column] = i;
    }
    return order;
  }
  static bool sorted(const toposort::Order& order) {
    return toposort::is_sorted(MPI_COMM_SELF, options(), {size, 1}, order);
  }
};

TEST_F(ToposortVerify, accepts_a_right_order) { EXPECT_TRUE(sorted(right_order())); }

TEST_F(ToposortVerify, finds_a_nonzero_below_the_diagonal) {
  auto order = right_order();
  for (auto* positions : {&order.rows, &order.columns}) {  // upside down: the diagonal stays
    for (std::uint32_t& position : *positions) {
      position = static_cast<std::uint32_t>(size) - 1 - position;
    }
  }
  EXPECT_FALSE(sorted(order));
}

TEST_F(ToposortVerify, finds_a_diagonal_that_is_not_matched) {
  auto order = right_order();
  std::swap(order.rows[10], order.rows[11]);
  EXPECT_FALSE(sorted(order));
}

TEST_F(ToposortVerify, finds_what_is_no_permutation) {
  auto order = right_order();
  order.rows[10] = order.rows[11];
  EXPECT_FALSE(sorted(order));
  order.rows[10] = size;
  EXPECT_FALSE(sorted(order));
  order = right_order();
  order.columns[0] = order.columns[1];
  EXPECT_FALSE(sorted(order));
}

TEST_F(ToposortVerify, matrix_holds_the_edges_and_a_full_diagonal) {
  const auto matrix = toposort::load_shuffled(options(), MPI_COMM_SELF);
  std::uint64_t in_rows = 0;
  std::uint64_t column_sum = 0;
  for (const toposort::RowState& state : matrix.rows) {
    EXPECT_GE(state.count, 1U);
    in_rows += state.count;
    column_sum += state.column_sum;
  }
  std::uint64_t expected_sum = 0;
  for (std::size_t column = 0; column < matrix.columns.rows(); ++column) {
    EXPECT_GE(matrix.columns.row(column).size(), 1U);
    expected_sum += column * matrix.columns.row(column).size();
  }
  EXPECT_EQ(in_rows, matrix.nonzeros);
  EXPECT_EQ(matrix.columns.nonzeros(), matrix.nonzeros);
  EXPECT_EQ(column_sum, expected_sum);
}

}  // namespace
}  // namespace workloads
