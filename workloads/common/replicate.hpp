// Data of all ranks on every rank, for checks that look at the whole.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <vector>

#include "common/block_distribution.hpp"

namespace workloads {

/// So far MPI counts.
inline constexpr std::uint64_t most_replicated = (std::uint64_t{1} << 31U) - 1;

/// Collective: the words of all ranks' blocks, in order. \param mine one word per row of this rank
/// \param Word std::uint32_t or double
/// \pre there are at most most_replicated rows
template <class Word>
std::vector<Word> replicate(const std::vector<Word>& mine, const BlockDistribution& blocks,
                            MPI_Comm comm);

}  // namespace workloads
