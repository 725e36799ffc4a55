// Layout and router: which ranks share a node, and next hops that arrive.
// ranks: 1 2 3 4 5
// variants: host host:2:shm host:3:shm engine:2:shm shared dpu
#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "compat/ygm/ygm_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;
using ygm::detail::routing_type;

void layout_is_that_of_the_nodes(ygm::comm& world) {
  const auto& layout = world.layout();
  const auto& buddy = world.buddy_comm();
  expect_equal(layout.size(), world.size(), "size");
  expect_equal(layout.rank(), world.rank(), "rank");
  expect_equal(layout.node_size(), buddy.nodes(), "nodes");
  expect_equal(layout.node_id(), buddy.node(), "node");
  const auto here = buddy.ranks_of_node();
  expect(std::equal(here.begin(), here.end(), layout.local_ranks().begin(),
                    layout.local_ranks().end()),
         "ranks of this node");
  expect_equal(layout.local_size(), static_cast<int>(here.size()), "ranks of this node");
  expect_equal(layout.local_ranks()[static_cast<std::size_t>(layout.local_id())], world.rank(),
               "place on the node");
}

void layout_fits_together(ygm::comm& world) {
  const auto& layout = world.layout();
  for (int r = 0; r < world.size(); ++r) {
    const auto [node, place] = layout.rank_to_nl(r);
    expect_equal(layout.node_id(r), node, "node");
    expect_equal(layout.local_id(r), place, "place");
    expect_equal(layout.nl_to_rank(node, place), r, "and back");
    expect_equal(layout.nl_to_rank({node, place}), r, "and back as a pair");
    expect_equal(layout.is_local(r), node == layout.node_id(), "here");
    expect_equal(layout.is_strided(r), place == layout.local_id(), "same place");
  }
  expect(layout.rank_to_nl() == layout.rank_to_nl(world.rank()), "of this rank");
  for (const int r : layout.strided_ranks()) expect(layout.is_strided(r), "strided ranks");
  // What others think of this rank is what it thinks itself.
  for (int r = 0; r < world.size(); ++r) {
    world.async(
        r,
        [](ygm::comm* there, int node, int place) {
          expect_equal(there->layout().node_id(), node, "node as seen from elsewhere");
          expect_equal(there->layout().local_id(), place, "place as seen from elsewhere");
        },
        layout.node_id(r), layout.local_id(r));
  }
  for (const int wrong : {-1, world.size()}) {
    bool thrown = false;
    try {
      static_cast<void>(layout.node_id(wrong));
    } catch (const std::logic_error&) {
      thrown = true;
    }
    expect(thrown, "a rank outside is refused");
  }
}

void expect_same(const ygm::detail::layout& a, const ygm::detail::layout& b) {
  expect_equal(a.size(), b.size(), "size");
  expect_equal(a.rank(), b.rank(), "rank");
  expect_equal(a.node_size(), b.node_size(), "nodes");
  expect_equal(a.node_id(), b.node_id(), "node");
  expect_equal(a.local_size(), b.local_size(), "ranks of the node");
  expect_equal(a.local_id(), b.local_id(), "place on the node");
  expect(a.local_ranks() == b.local_ranks(), "ranks of the node");
  expect(a.strided_ranks() == b.strided_ranks(), "ranks with the same place");
  for (int r = 0; r < a.size(); ++r) expect(a.rank_to_nl(r) == b.rank_to_nl(r), "node and place");
}

void layout_of_an_mpi_communicator(ygm::comm& world) {
  const ygm::detail::layout of_mpi(world.get_mpi_comm());
  expect_same(of_mpi, world.layout());
  // Ranks in reverse, in two parts.
  MPI_Comm raw = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, world.rank() % 2, -world.rank(), &raw);
  const ygm::detail::layout part(raw);
  int rank = 0;
  MPI_Comm_rank(raw, &rank);
  expect_equal(part.rank(), rank, "rank in the part");
  expect_equal(part.size(), (world.size() + 1 - world.rank() % 2) / 2, "size of the part");
  MPI_Comm_free(&raw);
}

void layouts_are_values(ygm::comm& world) {
  ygm::detail::layout empty;
  expect_equal(empty.size(), 0, "ranks of no communicator");
  expect_equal(empty.node_size(), 0, "its nodes");
  expect_equal(empty.local_size(), 0, "its ranks on this node");
  expect_equal(empty.node_id() + empty.local_id(), 0, "its places");
  ygm::detail::layout copy = world.layout();
  swap(empty, copy);
  expect_equal(copy.size(), 0, "the empty one after swap()");
  expect(copy.local_ranks().empty() && copy.strided_ranks().empty(), "it has no ranks");
  expect_same(empty, world.layout());
  std::swap(empty, copy);
  expect_same(copy, world.layout());
}

/// Follows next hops by messages: they end at the destination after at most three.
struct Follow {
  void operator()(ygm::comm* here, int dest, routing_type scheme, int hops) const {
    ++steps;
    if (here->rank() == dest) {
      ++arrived;
      return;
    }
    const int most = scheme == routing_type::NONE ? 1 : scheme == routing_type::NR ? 2 : 3;
    expect(hops < most, "hops within the scheme's limit");
    if (hops < most) {
      here->async(here->router().next_hop(dest, scheme), Follow{}, dest, scheme, hops + 1);
    }
  }
  static inline int steps = 0;
  static inline int arrived = 0;
};

void next_hops_arrive(ygm::comm& world) {
  for (const auto scheme : {routing_type::NONE, routing_type::NR, routing_type::NLNR}) {
    Follow::steps = Follow::arrived = 0;
    world.barrier();
    for (int dest = 0; dest < world.size(); ++dest) {
      world.async(world.rank(), Follow{}, dest, scheme, 0);
    }
    world.barrier();
    expect_equal(Follow::arrived, world.size(), "messages at their destination");
  }
  expect_equal(world.router().next_hop(world.size() - 1), world.size() - 1,
               "next hop of the default scheme");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_ygm_cases(
      argc, argv,
      {{"layout is that of the nodes", layout_is_that_of_the_nodes},
       {"layout fits together", layout_fits_together},
       {"layout of an MPI communicator", layout_of_an_mpi_communicator},
       {"layouts are values", layouts_are_values},
       {"next hops arrive", next_hops_arrive}});
}
