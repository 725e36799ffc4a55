// Where the searches begin.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <vector>

#include "common/graph.hpp"

namespace workloads::bfs {

struct RootChoice {
  std::uint64_t count = 1;
  std::uint64_t seed = 1;
};

/// Collective: random vertices that have edges, the same on every rank and however many ranks there
/// are; one may be drawn twice. Cost: two collectives and a pass over this rank's vertices, however
/// few of them have edges. Errors: JobError if none has.
std::vector<std::uint32_t> draw_roots(const Graph& graph, const RootChoice& choice, MPI_Comm comm);

}  // namespace workloads::bfs
