// Flat random graphs.
#include "common/flat_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "workloads/matrix_reading.hpp"

namespace workloads {
namespace {

TEST(FlatGraph, every_vertex_has_as_many_edges) {
  const GeneratedGraph options{.scale = 10, .edge_factor = 7, .shape = GraphShape::flat};
  FlatSource source(options, 0, options.edges());
  EXPECT_EQ(source.header().rows, 1024U);
  std::vector<std::uint64_t> leaving(1024);
  std::vector<std::uint64_t> entering(1024);
  for (const Nonzero& edge : testing::read_all(source)) {
    ++leaving[edge.row];
    ++entering[edge.column];
    EXPECT_GE(edge.value.real(), 0);
    EXPECT_LT(edge.value.real(), 1);
  }
  EXPECT_EQ(std::count(leaving.begin(), leaving.end(), 7U), 1024);
  // 7 on average, by chance: all 1024 below 30 unless columns are not drawn evenly.
  EXPECT_LT(*std::max_element(entering.begin(), entering.end()), 30U);
}

TEST(FlatGraph, parts_make_up_the_whole) {
  const GeneratedGraph options{.scale = 8, .edge_factor = 5, .seed = 9};
  FlatSource whole(options, 0, options.edges());
  const auto expected = testing::read_all(whole, 100);
  std::vector<Nonzero> found;
  for (std::uint64_t begin = 0; begin < options.edges(); begin += 256) {
    FlatSource part(options, begin, begin + 256);
    const auto edges = testing::read_all(part, 33);
    found.insert(found.end(), edges.begin(), edges.end());
  }
  EXPECT_EQ(found, expected);
}

TEST(FlatGraph, depends_on_its_seed) {
  const GeneratedGraph one{.scale = 6, .seed = 1};
  const GeneratedGraph two{.scale = 6, .seed = 2};
  FlatSource first(one, 0, one.edges());
  FlatSource second(two, 0, two.edges());
  EXPECT_NE(testing::read_all(first), testing::read_all(second));
}

TEST(FlatGraph, largest_scale) {
  const GeneratedGraph options{.scale = 32, .field = Field::pattern};
  FlatSource source(options, options.edges() - 100, options.edges());
  const auto edges = testing::read_all(source);
  ASSERT_EQ(edges.size(), 100U);
  EXPECT_EQ(edges.back().row, 0xFFFFFFFFU);
}

}  // namespace
}  // namespace workloads
