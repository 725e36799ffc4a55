#include "common/graph.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "common/kronecker.hpp"
#include "common/program.hpp"
#include "workloads/mpi_alone.hpp"
#include "workloads/temp_file.hpp"

namespace workloads {
namespace {

class GraphLoading : public testing::MpiAlone {};

std::vector<std::uint32_t> neighbours(const Graph& graph, std::size_t vertex) {
  std::vector<std::uint32_t> result;
  for (const Cell<NoValue>& cell : graph.neighbours(vertex)) result.push_back(cell.column);
  return result;
}

TEST_F(GraphLoading, drops_directions_repetitions_and_loops) {
  const testing::TempFile file("few.txt", "0 3\n3 0\n0 1\n0 1\n2 2\n3 1\n5 0\n");
  const Graph graph = load_graph({.input = file.path(), .generated = {}}, MPI_COMM_SELF);
  EXPECT_EQ(graph.vertices(), 6U);
  EXPECT_EQ(count_edges(graph, MPI_COMM_SELF), 4U);
  EXPECT_EQ(neighbours(graph, 0), (std::vector<std::uint32_t>{1, 3, 5}));
  EXPECT_EQ(neighbours(graph, 1), (std::vector<std::uint32_t>{0, 3}));
  EXPECT_EQ(neighbours(graph, 2), (std::vector<std::uint32_t>{}));
  EXPECT_EQ(neighbours(graph, 3), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(neighbours(graph, 5), (std::vector<std::uint32_t>{0}));
}

TEST_F(GraphLoading, has_all_edges_of_a_generated_graph) {
  const GeneratedGraph options{.scale = 8, .edge_factor = 6, .field = Field::pattern, .seed = 3};
  std::set<std::pair<std::uint32_t, std::uint32_t>> expected;
  KroneckerSource source(options, 0, options.edges());
  std::vector<Nonzero> edges(10000);
  edges.resize(source.read(edges));
  for (const Nonzero& edge : edges) {
    if (edge.row == edge.column) continue;
    expected.emplace(edge.row, edge.column);
    expected.emplace(edge.column, edge.row);
  }
  const Graph graph = load_graph({.input = {}, .generated = options}, MPI_COMM_SELF);
  std::set<std::pair<std::uint32_t, std::uint32_t>> found;
  for (std::uint32_t v = 0; v < 256; ++v) {
    for (const std::uint32_t other : neighbours(graph, v)) found.emplace(v, other);
  }
  EXPECT_EQ(edges.size(), 1536U);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(graph.rows.nonzeros(), expected.size());
}

TEST_F(GraphLoading, refuses_a_matrix_that_is_not_square) {
  const testing::TempFile file("wide.mtx",
                               "%%MatrixMarket matrix coordinate pattern general\n2 3 1\n1 1\n");
  try {
    load_graph({.input = file.path(), .generated = {}}, MPI_COMM_SELF);
    FAIL() << "no error";
  } catch (const JobError& error) {
    EXPECT_NE(std::string(error.what()).find("2 rows and 3 columns"), std::string::npos);
  }
}

}  // namespace
}  // namespace workloads
