// The checks of the breadth-first search find wrong trees.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "bfs/roots.hpp"
#include "bfs/tree.hpp"
#include "bfs/verify.hpp"
#include "common/program.hpp"
#include "workloads/mpi_alone.hpp"
#include "workloads/temp_file.hpp"

namespace workloads::bfs {
namespace {

using Numbers = std::vector<std::uint32_t>;

TEST(TreeLevels, follow_the_parents) {
  EXPECT_EQ(tree_levels(Numbers{3, 0, no_parent, 3, 1}, 3), (Numbers{1, 2, no_level, 0, 3}));
  EXPECT_EQ(tree_levels(Numbers{0}, 0), (Numbers{0}));
}

TEST(TreeLevels, refuse_what_is_no_tree) {
  EXPECT_TRUE(tree_levels(Numbers{1, 0, 2}, 2).empty()) << "a cycle of two";
  EXPECT_TRUE(tree_levels(Numbers{0, 1}, 0).empty()) << "a second root";
  EXPECT_TRUE(tree_levels(Numbers{0, 2, no_parent}, 0).empty()) << "a path that ends elsewhere";
  EXPECT_TRUE(tree_levels(Numbers{0, 7}, 0).empty()) << "a parent that does not exist";
  EXPECT_TRUE(tree_levels(Numbers{1, 1}, 0).empty()) << "a root with a parent";
  EXPECT_TRUE(tree_levels(Numbers{0, 0}, 5).empty()) << "a root that does not exist";
}

class BfsRoots : public testing::MpiAlone {
 protected:
  static std::vector<std::uint32_t> draw(const std::string& edges, const RootChoice& choice) {
    const testing::TempFile file("graph.txt", edges);
    const Graph graph = load_graph({.input = file.path(), .generated = {}}, MPI_COMM_SELF);
    return draw_roots(graph, choice, MPI_COMM_SELF);
  }
};

// Drawing among all vertices took a collective for each of a million that have no edges.
TEST_F(BfsRoots, are_drawn_among_vertices_with_edges) {
  const auto roots = draw("5 4000000\n7 7\n", {.count = 1000, .seed = 3});
  EXPECT_EQ(roots.size(), 1000U);
  EXPECT_EQ(std::set(roots.begin(), roots.end()), (std::set<std::uint32_t>{5, 4000000}));
}

TEST_F(BfsRoots, depend_on_the_seed_alone) {
  std::string path;
  for (int i = 0; i < 1000; ++i) path += std::to_string(i) + ' ' + std::to_string(i + 1) + '\n';
  EXPECT_EQ(draw(path, {.count = 8, .seed = 1}), draw(path, {.count = 8, .seed = 1}));
  EXPECT_NE(draw(path, {.count = 8, .seed = 1}), draw(path, {.count = 8, .seed = 2}));
}

TEST_F(BfsRoots, need_an_edge) { EXPECT_THROW(draw("3 3\n", {.count = 1, .seed = 1}), JobError); }

// 0 - 1 - 2 - 3, 0 - 4 - 3, 4 - 4, and 5 - 6 by itself.
class BfsVerify : public testing::MpiAlone {
 protected:
  static std::vector<Mark> right() {
    return {Mark(0, 0), Mark(1, 0), Mark(2, 1), Mark(2, 4), Mark(1, 0), Mark(), Mark()};
  }
  Verification check(const std::vector<Mark>& marks) {
    return verify(MPI_COMM_SELF, {.input = file_.path(), .generated = {}}, {7, 1}, 0, marks);
  }
  testing::TempFile file_{"graph.txt", "0 1\n2 1\n2 3\n0 4\n4 3\n4 4\n1 0\n5 6\n"};
};

TEST_F(BfsVerify, accepts_the_right_tree) {
  const Verification result = check(right());
  EXPECT_TRUE(result.correct);
  EXPECT_EQ(result.edges, 7U);
  EXPECT_EQ(result.reached, 5U);
  EXPECT_EQ(result.levels, 3U);
}

TEST_F(BfsVerify, finds_a_level_that_is_too_deep) {
  std::vector<Mark> marks = right();
  marks[3] = Mark(3, 2);  // over 2 instead of 4: a tree, but the edge 4 - 3 spans two levels
  EXPECT_FALSE(check(marks).correct);
}

TEST_F(BfsVerify, finds_a_level_that_is_not_the_trees) {
  std::vector<Mark> marks = right();
  marks[3] = Mark(1, 4);
  EXPECT_FALSE(check(marks).correct);
}

TEST_F(BfsVerify, finds_a_vertex_that_was_not_reached) {
  std::vector<Mark> marks = right();
  marks[3] = Mark();
  EXPECT_FALSE(check(marks).correct);
}

TEST_F(BfsVerify, finds_a_vertex_of_another_component) {
  std::vector<Mark> marks = right();
  marks[5] = Mark(1, 0);
  EXPECT_FALSE(check(marks).correct);
  marks[6] = Mark(2, 5);  // now both ends of its edge are reached
  EXPECT_FALSE(check(marks).correct);
}

TEST_F(BfsVerify, finds_a_parent_that_is_no_neighbour) {
  std::vector<Mark> marks = right();
  marks[2] = Mark(2, 4);  // the right level, but there is no edge 4 - 2
  EXPECT_FALSE(check(marks).correct);
}

TEST_F(BfsVerify, finds_a_cycle) {
  std::vector<Mark> marks = right();
  marks[2] = Mark(2, 3);
  marks[3] = Mark(2, 2);
  EXPECT_FALSE(check(marks).correct);
}

TEST(Mark, smaller_levels_and_then_smaller_parents_come_first) {
  EXPECT_TRUE(Mark(1, 9) < Mark(2, 3));
  EXPECT_TRUE(Mark(2, 3) < Mark(2, 4));
  EXPECT_TRUE(Mark(2, 4) < Mark());
  EXPECT_FALSE(Mark().reached());
  EXPECT_EQ(Mark(5, 6).level(), 5U);
  EXPECT_EQ(Mark(5, 6).parent(), 6U);
}

}  // namespace
}  // namespace workloads::bfs
