// Layout and router: which ranks share a node, and next hops that arrive.
// ranks: 1 2 3 4 5
// variants: host host:2:shm host:3:shm engine:2:shm
#include <algorithm>
#include <stdexcept>
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
  return buddy::test::run_ygm_cases(argc, argv,
                                    {{"layout is that of the nodes", layout_is_that_of_the_nodes},
                                     {"layout fits together", layout_fits_together},
                                     {"next hops arrive", next_hops_arrive}});
}
