#include "common/replicate.hpp"

#include <type_traits>

#include "common/program.hpp"

namespace workloads {

template <class Word>
std::vector<Word> replicate(const std::vector<Word>& mine, const BlockDistribution& blocks,
                            MPI_Comm comm) {
  const MPI_Datatype type = std::is_same_v<Word, double> ? MPI_DOUBLE : MPI_UINT32_T;
  std::vector<int> counts;
  std::vector<int> offsets;
  for (int rank = 0; rank < comm_size(comm); ++rank) {
    counts.push_back(static_cast<int>(blocks.size(rank)));
    offsets.push_back(static_cast<int>(blocks.first_row(rank)));
  }
  std::vector<Word> all(static_cast<std::size_t>(blocks.rows()));
  MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), type, all.data(), counts.data(),
                 offsets.data(), type, comm);
  return all;
}

template std::vector<std::uint32_t> replicate(const std::vector<std::uint32_t>&,
                                              const BlockDistribution&, MPI_Comm);
template std::vector<double> replicate(const std::vector<double>&, const BlockDistribution&,
                                       MPI_Comm);

}  // namespace workloads
