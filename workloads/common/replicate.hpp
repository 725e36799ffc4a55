// Data of all ranks on every rank, for checks that look at the whole.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

#include "common/block_distribution.hpp"

namespace workloads {

/// Collective: the words of all ranks' blocks, in order. \param mine one word per row of this rank
/// Errors: JobError if there are 2^31 rows or more, which MPI cannot count.
std::vector<std::uint32_t> replicate(std::span<const std::uint32_t> mine,
                                     const BlockDistribution& blocks, MPI_Comm comm);

}  // namespace workloads
