// Every cell of the mesh has one owner and one place.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <utility>

#include "transport/mesh.hpp"
#include "transport/options.hpp"

namespace workloads::transport {
namespace {

Mesh mesh_of(const CellIndex& cells) { return {cells, {100, 100, 100}}; }

TEST(TransportMesh, numbers_cells_one_by_one) {
  const Mesh mesh = mesh_of({3, 4, 5});
  ASSERT_EQ(mesh.count(), 60U);
  for (std::uint64_t number = 0; number < mesh.count(); ++number) {
    EXPECT_EQ(mesh.number(mesh.cell(number)), number);
  }
  EXPECT_EQ(mesh.number({1, 0, 0}), 1U);
  EXPECT_EQ(mesh.number({0, 1, 0}), 3U);
}

TEST(TransportDecomposition, gives_every_cell_one_place) {
  for (const CellIndex& cells : {CellIndex{8, 8, 8}, CellIndex{1, 2, 7}, CellIndex{5, 3, 2}}) {
    for (const int ranks : {1, 2, 3, 4, 8, 13}) {
      for (const std::uint32_t block : {0U, 1U, 2U, 3U, 100U}) {
        SCOPED_TRACE(testing::Message() << cells[0] << 'x' << cells[1] << 'x' << cells[2] << ", "
                                        << ranks << " ranks, blocks of " << block);
        const Mesh mesh = mesh_of(cells);
        const Decomposition decomposition(mesh, {.ranks = ranks, .block_cells = block});
        std::set<std::pair<int, std::int64_t>> places;
        for (std::uint64_t number = 0; number < mesh.count(); ++number) {
          const CellIndex cell = mesh.cell(number);
          const Domain& domain = decomposition.domain_of(cell);
          const std::int64_t place = domain.place(cell);
          ASSERT_GE(domain.owner, 0);
          ASSERT_LT(domain.owner, ranks);
          ASSERT_GE(place, 0);
          ASSERT_LT(static_cast<std::uint64_t>(place), decomposition.cells_of(domain.owner));
          places.emplace(domain.owner, place);
        }
        EXPECT_EQ(places.size(), mesh.count());
      }
    }
  }
}

TEST(TransportDecomposition, strides_lead_to_neighbours) {
  const Mesh mesh = mesh_of({7, 6, 5});
  const Decomposition decomposition(mesh, {.ranks = 4, .block_cells = 3});
  for (const Domain& domain : decomposition.domains()) {
    for (std::size_t a = 0; a < 3; ++a) {
      CellIndex next = domain.first;
      if (++next[a] == domain.end[a]) continue;
      EXPECT_EQ(domain.place(next), domain.place(domain.first) + domain.stride[a]);
      EXPECT_EQ(&decomposition.domain_of(next), &domain);
    }
  }
}

TEST(TransportDecomposition, deals_neighbours_to_different_ranks) {
  const Decomposition decomposition(mesh_of({8, 8, 8}), {.ranks = 3, .block_cells = 2});
  for (const Domain& domain : decomposition.domains()) {
    for (std::size_t a = 0; a < 3; ++a) {
      CellIndex beyond = domain.first;
      beyond[a] = domain.end[a];
      if (beyond[a] == 8) continue;
      EXPECT_NE(decomposition.domain_of(beyond).owner, domain.owner);
    }
  }
}

TEST(TransportDecomposition, chooses_grids_that_use_all_ranks_and_have_little_surface) {
  EXPECT_EQ(rank_grid({8, 8, 8}, 8), (CellIndex{2, 2, 2}));
  EXPECT_EQ(rank_grid({8, 8, 8}, 2), (CellIndex{2, 1, 1}));
  EXPECT_EQ(rank_grid({2, 1, 1}, 2), (CellIndex{2, 1, 1}));
  EXPECT_EQ(rank_grid({1, 1, 16}, 4), (CellIndex{1, 1, 4}));
  EXPECT_EQ(rank_grid({4, 4, 4}, 7)[0] * rank_grid({4, 4, 4}, 7)[1] * rank_grid({4, 4, 4}, 7)[2],
            7);
}

TEST(TransportOptions, read_meshes) {
  EXPECT_EQ(parse_mesh("16"), (CellIndex{16, 16, 16}));
  EXPECT_EQ(parse_mesh("16x8x1"), (CellIndex{16, 8, 1}));
  EXPECT_EQ(parse_mesh("2^8"), (CellIndex{256, 256, 256}));
  EXPECT_EQ(parse_mesh("16777216x1x1"), (CellIndex{1 << 24, 1, 1}));
  for (const char* wrong : {"", "x", "8x8", "8x8x8x8", "8x8x", "0", "8x0x8", "8x-1x8", "257",
                            "16777217x1x1", "16777216x2x1", "a", "8 x8x8"}) {
    EXPECT_EQ(parse_mesh(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace workloads::transport
