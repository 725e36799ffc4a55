// The independent count of triangles, against counting all triples.
#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

#include "support/seeds.hpp"
#include "triangles/oriented_graph.hpp"
#include "triangles/verify.hpp"
#include "workloads/mpi_alone.hpp"
#include "workloads/temp_file.hpp"

namespace workloads::triangles {
namespace {

std::uint64_t count(const std::vector<InputEdge>& edges, std::uint64_t vertices) {
  return count_serially(edges, vertices, {}).triangles;
}

TEST(SerialCount, small_graphs) {
  EXPECT_EQ(count({}, 0), 0U);
  EXPECT_EQ(count({{0, 1}, {1, 2}}, 3), 0U);
  EXPECT_EQ(count({{0, 1}, {1, 2}, {0, 2}}, 3), 1U);
  EXPECT_EQ(count({{0, 1}, {1, 2}, {2, 0}, {1, 0}, {1, 1}, {0, 1}}, 3), 1U);
  EXPECT_EQ(count({{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}, 4), 4U);
}

TEST(SerialCount, random_graphs) {
  buddy::test::for_each_seed(30, [](std::uint64_t seed) {
    buddy::test::Random random(seed);
    const auto vertices = static_cast<std::uint32_t>(3 + random.below(20));
    std::vector<InputEdge> edges;
    std::set<std::pair<std::uint32_t, std::uint32_t>> joined;
    for (std::uint64_t k = random.below(150); k > 0; --k) {
      const auto a = static_cast<std::uint32_t>(random.below(vertices));
      const auto b = static_cast<std::uint32_t>(random.below(vertices));
      edges.push_back({a, b});
      joined.emplace(a, b);
      joined.emplace(b, a);
    }
    std::uint64_t expected = 0;
    for (std::uint32_t a = 0; a < vertices; ++a) {
      for (std::uint32_t b = a + 1; b < vertices; ++b) {
        for (std::uint32_t c = b + 1; c < vertices; ++c) {
          expected += joined.count({a, b}) * joined.count({b, c}) * joined.count({a, c});
        }
      }
    }
    const Tally whole = count_serially(edges, vertices, {});
    EXPECT_EQ(whole.triangles, expected);
    // Shares add up to the whole.
    Tally sum;
    for (std::uint64_t first = 0; first < 3; ++first) {
      const Tally part = count_serially(edges, vertices, {.first = first, .step = 3});
      sum.triangles += part.triangles;
      sum.checksum += part.checksum;
    }
    EXPECT_TRUE(sum == whole);
  });
}

class OrientedGraphs : public testing::MpiAlone {};

TEST_F(OrientedGraphs, lead_to_the_end_with_more_neighbours) {
  // A star around 0, and 1 - 2.
  const testing::TempFile file("star.txt", "0 1\n0 2\n0 3\n0 4\n2 1\n");
  const MatrixOptions options{.input = file.path(), .generated = {}};
  const OrientedGraph graph = orient(load_graph(options, MPI_COMM_SELF), MPI_COMM_SELF);
  const auto row = [&](std::size_t i) {
    const auto numbers = graph.sorted_row(i);
    return std::vector<std::uint32_t>(numbers.begin(), numbers.end());
  };
  EXPECT_EQ(row(0), (std::vector<std::uint32_t>{}));
  EXPECT_EQ(row(1), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(row(2), (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(row(3), (std::vector<std::uint32_t>{0}));
  ASSERT_EQ(graph.in_order.row(1).size(), 2U);
  EXPECT_EQ(graph.in_order.row(1)[0].column, 2U);
  EXPECT_EQ(graph.in_order.row(1)[1].column, 0U);
  EXPECT_EQ(count_again(options, MPI_COMM_SELF).triangles, 1U);
}

}  // namespace
}  // namespace workloads::triangles
