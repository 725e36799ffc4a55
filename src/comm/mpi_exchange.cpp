#include "comm/mpi_exchange.hpp"

#include <numeric>
#include <string>
#include <utility>

namespace buddy::comm {

std::vector<std::vector<std::byte>> all_gather_bytes(MPI_Comm comm,
                                                     std::span<const std::byte> mine) {
  int size = 0;
  MPI_Comm_size(comm, &size);
  const int my_bytes = static_cast<int>(mine.size());
  std::vector<int> bytes(static_cast<std::size_t>(size));
  MPI_Allgather(&my_bytes, 1, MPI_INT, bytes.data(), 1, MPI_INT, comm);
  std::vector<int> offsets(bytes.size());
  std::exclusive_scan(bytes.begin(), bytes.end(), offsets.begin(), 0);
  std::vector<std::byte> all(static_cast<std::size_t>(offsets.back() + bytes.back()));
  MPI_Allgatherv(mine.data(), my_bytes, MPI_BYTE, all.data(), bytes.data(), offsets.data(),
                 MPI_BYTE, comm);
  std::vector<std::vector<std::byte>> parts;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto part = std::span(all).subspan(static_cast<std::size_t>(offsets[i]),
                                             static_cast<std::size_t>(bytes[i]));
    parts.emplace_back(part.begin(), part.end());
  }
  return parts;
}

Status agree(MPI_Comm comm, const Status& mine) {
  const auto all =
      all_gather(comm, std::make_pair(static_cast<std::int32_t>(mine.code()), mine.message()));
  for (std::size_t rank = 0; rank < all.size(); ++rank) {
    const auto& [code, message] = all[rank];
    if (code == 0) continue;
    return {static_cast<ErrorCode>(code), "rank " + std::to_string(rank) + ": " + message};
  }
  return {};
}

}  // namespace buddy::comm
