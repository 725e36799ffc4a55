// Data of all ranks on every rank, for checks that look at the whole.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

#include "common/block_distribution.hpp"

namespace workloads {

/// So far MPI counts.
inline constexpr std::uint64_t most_replicated = (std::uint64_t{1} << 31U) - 1;

/// Collective: the words of all ranks' blocks, in order. \param mine one word per row of this rank
/// \pre there are at most most_replicated rows
std::vector<std::uint32_t> replicate(std::span<const std::uint32_t> mine,
                                     const BlockDistribution& blocks, MPI_Comm comm);

}  // namespace workloads
