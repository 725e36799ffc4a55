#include "common/row_collector.hpp"

#include <gtest/gtest.h>

#include <complex>
#include <map>
#include <vector>

#include "common/matrix_checksum.hpp"
#include "support/seeds.hpp"

namespace workloads {
namespace {

template <class Value>
Value random_value(buddy::test::Random& random) {
  if constexpr (std::is_same_v<Value, NoValue>) return {};
  if constexpr (std::is_same_v<Value, double>) return static_cast<double>(random.bits());
  if constexpr (std::is_same_v<Value, std::complex<double>>) {
    return {static_cast<double>(random.bits()), static_cast<double>(random.bits())};
  }
}

template <class Value>
class RowCollectorOf : public ::testing::Test {};
using CellValues = ::testing::Types<NoValue, double, std::complex<double>>;
TYPED_TEST_SUITE(RowCollectorOf, CellValues);

// Rows are complete, in order, and keep the order of arrival, as in a map of vectors.
TYPED_TEST(RowCollectorOf, random_entries_match_model) {
  using Value = TypeParam;
  buddy::test::for_each_seed(30, [](std::uint64_t seed) {
    buddy::test::Random random(seed);
    const std::uint64_t rows = 1 + random.below(random.one_in(2) ? 20 : 100000);
    const std::uint64_t entries = random.below(20000);
    const std::uint64_t used_rows = 1 + random.below(rows);  // some collect long rows
    RowCollector<Value> collector(rows);
    std::map<std::uint32_t, std::vector<Cell<Value>>> model;
    for (std::uint64_t i = 0; i < entries; ++i) {
      const Entry<Value> entry{random.below(used_rows), random.below(1000),
                               random_value<Value>(random)};
      model[entry.row].push_back({entry.column, entry.value});
      collector.add(entry);
    }
    const CompressedRows<Value> built = collector.build();
    ASSERT_EQ(built.rows(), rows);
    ASSERT_EQ(built.nonzeros(), entries);
    for (std::uint32_t row = 0; row < rows; ++row) {
      const auto cells = built.row(row);
      const auto& expected = model[row];
      ASSERT_EQ(cells.size(), expected.size()) << "row " << row;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        ASSERT_EQ(cells[i].column, expected[i].column);
        ASSERT_EQ(cells[i].value, expected[i].value);
      }
    }
  });
}

TEST(RowCollector, takes_entries_as_unaligned_bytes) {
  const std::vector<Entry<double>> entries = {{1, 7, 0.5}, {0, 8, 1.5}, {1, 9, 2.5}};
  std::vector<std::byte> bytes(entries.size() * sizeof(Entry<double>) + 1);
  std::memcpy(bytes.data() + 1, entries.data(), bytes.size() - 1);
  RowCollector<double> collector(2);
  collector.add_all(std::span(bytes).subspan(1));
  const auto built = collector.build();
  EXPECT_EQ(built.row_begin, (std::vector<std::uint64_t>{0, 1, 3}));
  EXPECT_EQ(built.row(1)[1].column, 9U);
}

TEST(RowCollector, can_be_used_again_and_may_be_empty) {
  RowCollector<NoValue> none(0);
  EXPECT_EQ(none.build().rows(), 0U);
  RowCollector<NoValue> collector(3);
  collector.add({2, 1, {}});
  EXPECT_EQ(collector.build().nonzeros(), 1U);
  EXPECT_EQ(collector.build().nonzeros(), 0U);
}

TEST(Checksum, does_not_depend_on_order_but_on_everything_else) {
  const auto matrix_of = [](const std::vector<Entry<double>>& entries) {
    RowCollector<double> collector(4);
    for (const auto& entry : entries) collector.add(entry);
    return DistributedMatrix<double>{BlockDistribution(4, 1), 4, 0, collector.build()};
  };
  const std::uint64_t sum = checksum(matrix_of({{0, 1, 2.0}, {0, 2, 3.0}, {3, 3, 4.0}}), false);
  EXPECT_EQ(checksum(matrix_of({{3, 3, 4.0}, {0, 2, 3.0}, {0, 1, 2.0}}), false), sum);
  EXPECT_EQ(checksum(matrix_of({{1, 0, 2.0}, {2, 0, 3.0}, {3, 3, 4.0}}), true), sum);
  EXPECT_NE(checksum(matrix_of({{1, 0, 2.0}, {2, 0, 3.0}, {3, 3, 4.0}}), false), sum);
  EXPECT_NE(checksum(matrix_of({{0, 1, 3.0}, {0, 2, 2.0}, {3, 3, 4.0}}), false), sum);
  EXPECT_NE(checksum(matrix_of({{0, 1, 2.0}, {0, 2, 3.0}}), false), sum);
}

// The entry (1, 1) of a pattern file.
TEST(MatrixChecksum, every_place_counts) {
  EXPECT_NE(hash_nonzero(0, 0, NoValue()), 0U);
  EXPECT_NE(hash_nonzero(0, 0, 0.0), 0U);
  EXPECT_NE(hash_nonzero(0, 1, NoValue()), hash_nonzero(1, 0, NoValue()));
  EXPECT_NE(hash_nonzero(0, 0, NoValue()), hash_nonzero(0, 1, NoValue()));
}

}  // namespace
}  // namespace workloads
