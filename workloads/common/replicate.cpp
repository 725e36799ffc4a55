#include "common/replicate.hpp"

#include "common/program.hpp"

namespace workloads {

std::vector<std::uint32_t> replicate(std::span<const std::uint32_t> mine,
                                     const BlockDistribution& blocks, MPI_Comm comm) {
  std::vector<int> counts;
  std::vector<int> offsets;
  for (int rank = 0; rank < comm_size(comm); ++rank) {
    counts.push_back(static_cast<int>(blocks.size(rank)));
    offsets.push_back(static_cast<int>(blocks.first_row(rank)));
  }
  std::vector<std::uint32_t> all(static_cast<std::size_t>(blocks.rows()));
  MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), MPI_UINT32_T, all.data(),
                 counts.data(), offsets.data(), MPI_UINT32_T, comm);
  return all;
}

}  // namespace workloads
