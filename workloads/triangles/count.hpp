// Triangle counting by messages.
#pragma once

#include <buddy/buddy.hpp>
#include <cstdint>

#include "common/random.hpp"
#include "common/work.hpp"
#include "triangles/oriented_graph.hpp"

namespace workloads::triangles {

/// How many triangles, and a checksum of which: the sum over all of a hash of their two highest
/// vertices, in the order of Height.
struct Tally {
  std::uint64_t triangles = 0;
  std::uint64_t checksum = 0;

  void add(std::uint64_t middle, std::uint64_t highest) noexcept {
    ++triangles;
    checksum += mix64(middle << 32U ^ highest);
  }
  friend bool operator==(const Tally&, const Tally&) = default;
};

/// Collective: for every vertex and every two of its edges upwards, one message to the owner of the
/// lower far end: is there an edge to the other? Every triangle is found once, from its lowest
/// vertex. \return what this rank has found \param work done for every message where it arrives
Tally count(buddy::Comm& comm, const OrientedGraph& graph, Work& work);

}  // namespace workloads::triangles
