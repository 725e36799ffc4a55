// Shortest paths: the serial search, the weights, and the check that finds wrong distances.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "sssp/dijkstra.hpp"
#include "sssp/verify.hpp"
#include "sssp/weighted_graph.hpp"
#include "support/seeds.hpp"
#include "workloads/mpi_alone.hpp"
#include "workloads/temp_file.hpp"

namespace workloads::sssp {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
using Distances = std::vector<double>;

TEST(Dijkstra, takes_the_shortest_of_several_paths) {
  const std::vector<WeightedEdge> edges = {{0, 1, 4}, {0, 2, 1}, {2, 1, 2}, {1, 3, 5}, {4, 0, 1}};
  EXPECT_EQ(dijkstra(edges, 5, 0), (Distances{0, 3, 1, 8, infinite}));
  EXPECT_EQ(dijkstra(edges, 5, 3), (Distances{infinite, infinite, infinite, 0, infinite}));
}

// Against the distances that nothing can shorten any more, with weights whose sums are rounded.
TEST(Dijkstra, random_graphs) {
  buddy::test::for_each_seed(50, [](std::uint64_t seed) {
    buddy::test::Random random(seed);
    const auto vertices = static_cast<std::uint32_t>(1 + random.below(25));
    std::vector<WeightedEdge> edges;
    for (std::uint64_t k = random.below(120); k > 0; --k) {
      edges.push_back({static_cast<std::uint32_t>(random.below(vertices)),
                       static_cast<std::uint32_t>(random.below(vertices)),
                       static_cast<double>(random.below(1000)) / 7});
    }
    Distances expected(vertices, infinite);
    expected[0] = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (const WeightedEdge& edge : edges) {
        if (!(expected[edge.from] + edge.weight < expected[edge.to])) continue;
        expected[edge.to] = expected[edge.from] + edge.weight;
        changed = true;
      }
    }
    EXPECT_EQ(dijkstra(edges, vertices, 0), expected);
  });
}

TEST(RandomWeight, is_a_multiple_of_a_small_power_of_two_and_the_same_in_both_directions) {
  double sum = 0;
  for (std::uint32_t i = 0; i < 10000; ++i) {
    const double weight = random_weight(1, i, 3 * i + 7);
    EXPECT_GT(weight, 0);
    EXPECT_LE(weight, 1);
    EXPECT_EQ(std::ldexp(weight, 20), std::floor(std::ldexp(weight, 20)));
    EXPECT_EQ(weight, random_weight(1, 3 * i + 7, i));
    sum += weight;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.02);
  EXPECT_NE(random_weight(1, 2, 3), random_weight(2, 2, 3));
}

Options of_file(const std::string& path) {
  return {.matrix = {.input = path, .generated = {}, .limits = {.values = Values::weights}},
          .work = {}};
}

class SsspGraph : public testing::MpiAlone {};

TEST_F(SsspGraph, keeps_directions_and_the_lightest_of_repeated_edges) {
  const testing::TempFile file("graph.txt", "1 0 5\n1 2 4\n1 0 3\n2 2 1\n1 0 7\n");
  const Options options = of_file(file.path());
  const WeightedGraph graph = load_weighted(options, MPI_COMM_SELF);
  ASSERT_EQ(graph.rows.nonzeros(), 2U);
  ASSERT_EQ(graph.rows.row(1).size(), 2U);
  EXPECT_EQ(graph.rows.row(1)[0].column, 0U);
  EXPECT_EQ(graph.rows.row(1)[0].value, 3);
  EXPECT_EQ(choose_source(options, graph, MPI_COMM_SELF), 1U);
}

// 0 -> 1 -> 2 -> 3 and 0 -> 3; edges of length 0 between 4 and 5; 6 leads here, nothing leads
// there.
class SsspVerify : public testing::MpiAlone {
 protected:
  static Distances right() { return {0, 2, 3.5, 4, 4, 4, infinite}; }
  bool correct(const Distances& distances) {
    return verify(MPI_COMM_SELF, of_file(file_.path()), {7, 1}, 0, distances).correct;
  }
  testing::TempFile file_{"graph.txt",
                          "0 1 2\n1 2 1.5\n2 3 0.5\n0 3 9\n3 4 0\n4 5 0\n5 4 0\n6 0 1\n2 2 0\n"};
};

TEST_F(SsspVerify, accepts_the_right_distances) {
  const Verification result = verify(MPI_COMM_SELF, of_file(file_.path()), {7, 1}, 0, right());
  EXPECT_TRUE(result.correct);
  EXPECT_TRUE(result.by_dijkstra);
  EXPECT_EQ(result.reached, 6U);
  EXPECT_EQ(result.farthest, 4);
}

TEST_F(SsspVerify, finds_every_distance_that_is_too_long_or_too_short) {
  for (std::size_t vertex = 0; vertex < 7; ++vertex) {
    for (const double wrong : {0.25, 3.75, 17.0, std::nan(""), infinite}) {
      Distances distances = right();
      if (distances[vertex] == wrong) continue;
      distances[vertex] = wrong;
      EXPECT_FALSE(correct(distances)) << vertex << ": " << wrong;
    }
  }
}

// Too many vertices for the serial search: the rules on edges are alone.
class SsspRules : public testing::MpiAlone {
 protected:
  static constexpr std::uint32_t vertices = 2'000'001;
  static bool correct(const Distances& first) {
    Distances distances(vertices, infinite);
    std::copy(first.begin(), first.end(), distances.begin());
    const testing::TempFile file("graph.txt",
                                 "0 1 2\n1 2 1.5\n2 3 0.5\n3 4 0\n4 5 0\n5 4 0\n2000000 7 1\n"
                                 "8 9 0\n9 8 0\n");
    const Verification result =
        verify(MPI_COMM_SELF, of_file(file.path()), {vertices, 1}, 0, distances);
    EXPECT_FALSE(result.by_dijkstra);
    return result.correct;
  }
};

TEST_F(SsspRules, accept_the_right_distances) { EXPECT_TRUE(correct({0, 2, 3.5, 4, 4, 4})); }

TEST_F(SsspRules, find_a_source_that_is_not_at_0) {
  EXPECT_FALSE(correct({1, 3, 4.5, 5, 5, 5}));
  EXPECT_FALSE(correct({infinite, infinite}));
}

TEST_F(SsspRules, find_an_edge_that_leads_to_a_shorter_path) {
  EXPECT_FALSE(correct({0, 2, 3.75, 4, 4, 4}));
  EXPECT_FALSE(correct({0, 2, 3.5, 4, 4, infinite}));
}

TEST_F(SsspRules, find_a_vertex_without_a_tight_edge) {
  EXPECT_FALSE(correct({0, 2, 3.5, 3.75, 3.75, 3.75}));
  EXPECT_FALSE(correct({0, 2, 3.5, 4, 4, 4, 9}));
}

// Edges of length 0 are tight for any two equal distances.
TEST_F(SsspRules, find_a_cycle_that_nothing_leads_to) {
  EXPECT_FALSE(correct({0, 2, 3.5, 4, 3, 3}));
  EXPECT_FALSE(correct({0, 2, 3.5, 4, 4, 4, infinite, infinite, 1, 1}));
}

}  // namespace
}  // namespace workloads::sssp
