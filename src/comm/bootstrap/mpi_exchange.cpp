#include "comm/bootstrap/mpi_exchange.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

namespace buddy::comm {
namespace {

using Bytes = std::vector<std::byte>;

/// \p bytes, of the same size on all ranks, become the root's.
void broadcast_in_pieces(MPI_Comm comm, Bytes& bytes, int root, const WaitForMpi& wait,
                         const std::shared_ptr<void>& memory, std::uint64_t piece_bytes) {
  for (std::uint64_t at = 0; at < bytes.size(); at += piece_bytes) {
    const auto count = static_cast<int>(std::min<std::uint64_t>(piece_bytes, bytes.size() - at));
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibcast(bytes.data() + at, count, MPI_BYTE, root, comm, &request);
    wait(request, memory);
  }
}

std::vector<std::uint64_t> gather_sizes(MPI_Comm comm, std::uint64_t mine, const WaitForMpi& wait) {
  int ranks = 0;
  int rank = 0;
  MPI_Comm_size(comm, &ranks);
  MPI_Comm_rank(comm, &rank);
  auto sizes = std::make_shared<std::vector<std::uint64_t>>(static_cast<std::size_t>(ranks));
  (*sizes)[static_cast<std::size_t>(rank)] = mine;
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Iallgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, sizes->data(), 1, MPI_UINT64_T, comm,
                 &request);
  wait(request, sizes);
  return *sizes;
}

/// All at once. \pre the sum of \p sizes is an int
std::vector<Bytes> gather_small(MPI_Comm comm, std::span<const std::byte> mine, std::size_t rank,
                                const std::vector<std::uint64_t>& sizes, const WaitForMpi& wait) {
  struct Parcel {
    std::vector<int> sizes;
    std::vector<int> offsets;
    Bytes all;
  };
  auto parcel = std::make_shared<Parcel>();
  parcel->sizes.assign(sizes.begin(), sizes.end());
  parcel->offsets.resize(sizes.size());
  std::exclusive_scan(parcel->sizes.begin(), parcel->sizes.end(), parcel->offsets.begin(), 0);
  const auto place = [&](std::size_t of) {
    return std::span(parcel->all).subspan(static_cast<std::size_t>(parcel->offsets[of]), sizes[of]);
  };
  parcel->all.resize(static_cast<std::size_t>(parcel->offsets.back()) + sizes.back());
  std::copy(mine.begin(), mine.end(), place(rank).begin());
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, parcel->all.data(), parcel->sizes.data(),
                  parcel->offsets.data(), MPI_BYTE, comm, &request);
  wait(request, parcel);
  std::vector<Bytes> parts;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    parts.emplace_back(place(i).begin(), place(i).end());
  }
  return parts;
}

/// One rank after the other, each in pieces, straight to where they stay.
std::vector<Bytes> gather_large(MPI_Comm comm, std::span<const std::byte> mine, std::size_t rank,
                                const std::vector<std::uint64_t>& sizes, const WaitForMpi& wait,
                                std::uint64_t piece_bytes) {
  auto parts = std::make_shared<std::vector<Bytes>>(sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    Bytes& part = (*parts)[i];
    if (i == rank) {
      part.assign(mine.begin(), mine.end());
    } else {
      part.resize(sizes[i]);
    }
    broadcast_in_pieces(comm, part, static_cast<int>(i), wait, parts, piece_bytes);
  }
  return std::move(*parts);
}

}  // namespace

void wait_in_mpi(MPI_Request& request, const std::shared_ptr<void>& /*memory*/) {
  MPI_Wait(&request, MPI_STATUS_IGNORE);
}

std::vector<Bytes> all_gather_bytes(MPI_Comm comm, std::span<const std::byte> mine,
                                    const WaitForMpi& wait, std::uint64_t piece_bytes) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  const auto self = static_cast<std::size_t>(rank);
  const std::vector<std::uint64_t> sizes = gather_sizes(comm, mine.size(), wait);
  std::uint64_t total = 0;
  for (const std::uint64_t size : sizes) total += size;
  return total <= piece_bytes ? gather_small(comm, mine, self, sizes, wait)
                              : gather_large(comm, mine, self, sizes, wait, piece_bytes);
}

Bytes broadcast_bytes(MPI_Comm comm, Bytes bytes, int root, const WaitForMpi& wait,
                      std::uint64_t piece_bytes) {
  struct Parcel {
    std::uint64_t size;
    Bytes bytes;
  };
  auto parcel = std::make_shared<Parcel>(Parcel{bytes.size(), std::move(bytes)});
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibcast(&parcel->size, 1, MPI_UINT64_T, root, comm, &request);
  wait(request, parcel);
  parcel->bytes.resize(parcel->size);
  broadcast_in_pieces(comm, parcel->bytes, root, wait, parcel, piece_bytes);
  return std::move(parcel->bytes);
}

std::vector<Bytes> exchange_bytes(MPI_Comm comm, std::span<const int> peers,
                                  std::span<const std::byte> mine) {
  constexpr int tag = 0;  // nothing else goes from rank to rank on Buddy's communicators
  auto most = static_cast<int>(mine.size());
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_INT, MPI_MAX, comm);
  std::vector<Bytes> parts(peers.size(), Bytes(static_cast<std::size_t>(most)));
  std::vector<MPI_Request> requests(2 * peers.size(), MPI_REQUEST_NULL);
  for (std::size_t i = 0; i < peers.size(); ++i) {
    MPI_Irecv(parts[i].data(), most, MPI_BYTE, peers[i], tag, comm, &requests[i]);
  }
  for (std::size_t i = 0; i < peers.size(); ++i) {
    MPI_Isend(mine.data(), static_cast<int>(mine.size()), MPI_BYTE, peers[i], tag, comm,
              &requests[peers.size() + i]);
  }
  std::vector<MPI_Status> statuses(requests.size());
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), statuses.data());
  for (std::size_t i = 0; i < peers.size(); ++i) {
    int size = 0;
    MPI_Get_count(&statuses[i], MPI_BYTE, &size);
    parts[i].resize(static_cast<std::size_t>(size));
  }
  return parts;
}

Status agree(MPI_Comm comm, const Status& mine) {
  int ranks = 0;
  int rank = 0;
  MPI_Comm_size(comm, &ranks);
  MPI_Comm_rank(comm, &rank);
  int first = mine.ok() ? ranks : rank;
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm);
  if (first == ranks) return {};
  const auto [code, message] = broadcast(
      comm, std::make_pair(static_cast<std::int32_t>(mine.code()), mine.message()), first);
  return {static_cast<ErrorCode>(code), "rank " + std::to_string(first) + ": " + message};
}

}  // namespace buddy::comm
