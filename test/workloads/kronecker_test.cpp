#include "common/kronecker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <vector>

#include "support/seeds.hpp"
#include "workloads/matrix_reading.hpp"

namespace workloads {
namespace {

std::vector<Nonzero> generate(const GeneratedGraph& options) {
  KroneckerSource source(options, 0, options.edges());
  return testing::read_all(source);
}

TEST(Kronecker, has_the_announced_shape) {
  const GeneratedGraph options{.scale = 10, .edge_factor = 16};
  KroneckerSource source(options, 0, options.edges());
  EXPECT_EQ(source.header().rows, 1024U);
  EXPECT_EQ(source.header().columns, 1024U);
  EXPECT_EQ(source.header().field, Field::real);
  const auto edges = testing::read_all(source);
  EXPECT_EQ(edges.size(), 16384U);
  for (const Nonzero& edge : edges) {
    ASSERT_LT(edge.row, 1024U);
    ASSERT_LT(edge.column, 1024U);
    ASSERT_GE(edge.value.real(), 0.0);
    ASSERT_LT(edge.value.real(), 1.0);
  }
}

TEST(Kronecker, does_not_depend_on_how_it_is_split) {
  buddy::test::for_each_seed(20, [](std::uint64_t seed) {
    buddy::test::Random random(seed);
    const GeneratedGraph options{
        .scale = 8, .edge_factor = 5, .field = Field::complex, .seed = seed};
    const std::uint64_t edges = options.edges();
    std::vector<Nonzero> pieces;
    for (std::uint64_t begin = 0; begin < edges;) {
      const std::uint64_t end = std::min<std::uint64_t>(edges, begin + random.below(400));
      KroneckerSource source(options, begin, end);
      const auto piece = testing::read_all(source, 1 + random.below(100));
      pieces.insert(pieces.end(), piece.begin(), piece.end());
      begin = end;
    }
    EXPECT_TRUE(pieces == generate(options));
  });
}

TEST(Kronecker, seeds_and_fields_differ) {
  const GeneratedGraph one{.scale = 8, .seed = 1};
  const GeneratedGraph two{.scale = 8, .seed = 2};
  EXPECT_FALSE(generate(one) == generate(two));
  for (const Nonzero& edge : generate({.scale = 4, .field = Field::pattern})) {
    EXPECT_EQ(edge.value, std::complex<double>());
  }
  const auto complex = generate({.scale = 4, .field = Field::complex});
  EXPECT_TRUE(std::any_of(complex.begin(), complex.end(),
                          [](const Nonzero& edge) { return edge.value.imag() != 0; }));
}

// With the initiator (0.57, 0.19, 0.19, 0.05) the expected out-degree of a vertex whose label had k
// zero bits before scrambling is n * 16 * 0.76^k * 0.24^(scale-k); the largest is 16 * 1.52^scale.
TEST(Kronecker, degrees_are_skewed_as_specified) {
  const GeneratedGraph options{.scale = 14, .field = Field::pattern};
  const std::uint64_t vertices = std::uint64_t{1} << options.scale;
  std::vector<double> degrees(vertices);
  for (const Nonzero& edge : generate(options)) ++degrees[edge.row];
  std::sort(degrees.begin(), degrees.end(), std::greater<>());
  const double expected = 16 * std::pow(1.52, options.scale);
  EXPECT_NEAR(degrees[0], expected, 6 * std::sqrt(expected));
  EXPECT_GT(std::count(degrees.begin(), degrees.end(), 0), static_cast<long>(vertices / 10));
}

// The vertex of the largest degree is 0 before scrambling; its label must be anywhere after.
TEST(Kronecker, hubs_are_scattered_over_all_labels) {
  std::set<std::uint32_t> quarters;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    std::vector<std::uint32_t> degrees(256);
    for (const Nonzero& edge : generate({.scale = 8, .field = Field::pattern, .seed = seed})) {
      ++degrees[edge.row];
    }
    const auto hub = std::max_element(degrees.begin(), degrees.end()) - degrees.begin();
    quarters.insert(static_cast<std::uint32_t>(hub / 64));
  }
  EXPECT_EQ(quarters.size(), 4U);
}

// A complete graph on the labels would be lost by a scrambling that maps two vertices to one:
// with this many edges per vertex every vertex is hit.
TEST(Kronecker, scrambling_loses_no_vertex) {
  for (int scale = 1; scale <= 6; ++scale) {
    const std::uint64_t vertices = std::uint64_t{1} << scale;
    std::set<std::uint32_t> seen;
    const GeneratedGraph options{.scale = scale, .edge_factor = 20000, .field = Field::pattern};
    for (const Nonzero& edge : generate(options)) seen.insert(edge.row);
    EXPECT_EQ(seen.size(), vertices) << "scale " << scale;
  }
}

TEST(Kronecker, largest_scale) {
  const GeneratedGraph options{.scale = 32};
  KroneckerSource source(options, options.edges() - 100, options.edges());
  EXPECT_EQ(source.header().rows, max_rows);
  const auto edges = testing::read_all(source);
  EXPECT_EQ(edges.size(), 100U);
  EXPECT_TRUE(std::any_of(edges.begin(), edges.end(),
                          [](const Nonzero& edge) { return edge.row >> 31 != 0; }));
}

}  // namespace
}  // namespace workloads
