// What start-up needs from MPI.
#pragma once

#include <buddy/detail/mpi.hpp>
#include <buddy/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/status.hpp"

namespace buddy::comm {

/// How to wait for an operation of MPI; it may throw, and MPI may then still use the memory.
using WaitForMpi = std::function<void(MPI_Request&, const std::shared_ptr<void>& memory)>;
void wait_in_mpi(MPI_Request& request, const std::shared_ptr<void>& memory);

/// MPI counts in ints, so larger data goes in pieces.
inline constexpr std::uint64_t most_piece_bytes = std::uint64_t{1} << 30;

/// Every rank's bytes, on every rank, by rank. Collective. Any size that fits the memory.
/// \param piece_bytes most bytes of one MPI operation: the same on all ranks
std::vector<std::vector<std::byte>> all_gather_bytes(MPI_Comm comm, std::span<const std::byte> mine,
                                                     const WaitForMpi& wait = wait_in_mpi,
                                                     std::uint64_t piece_bytes = most_piece_bytes);

/// Rank \p root's bytes, on every rank. Collective. Any size that fits the memory.
std::vector<std::byte> broadcast_bytes(MPI_Comm comm, std::vector<std::byte> bytes, int root,
                                       const WaitForMpi& wait = wait_in_mpi,
                                       std::uint64_t piece_bytes = most_piece_bytes);

/// Every rank's value, by rank, in no more memory than that takes. Collective.
template <class T>
  requires std::is_trivially_copyable_v<T> std::vector<T> all_gather_plain(MPI_Comm comm,
                                                                           const T& mine) {
    int ranks = 0;
    MPI_Comm_size(comm, &ranks);
    std::vector<T> all(static_cast<std::size_t>(ranks));
    MPI_Allgather(&mine, sizeof(T), MPI_BYTE, all.data(), sizeof(T), MPI_BYTE, comm);
    return all;
  }

/// Each of \p peers gets \p mine, and this rank gets theirs, in the order of \p peers. Collective;
/// a rank may have no peers. \pre peers name each other, and none is this rank
std::vector<std::vector<std::byte>> exchange_bytes(MPI_Comm comm, std::span<const int> peers,
                                                   std::span<const std::byte> mine);

/// Every rank's value, on every rank. Collective.
template <class T>
std::vector<T> all_gather(MPI_Comm comm, const T& mine) {
  std::vector<std::byte> bytes;
  OutputBytes out(bytes);
  out(mine);
  std::vector<T> all;
  for (const auto& each : all_gather_bytes(comm, bytes)) {
    T value{};
    InputBytes in(each);
    in(value);
    all.push_back(std::move(value));
  }
  return all;
}

/// Rank \p root's value, on every rank. Collective.
template <class T>
T broadcast(MPI_Comm comm, const T& mine, int root) {
  std::vector<std::byte> bytes;
  OutputBytes out(bytes);
  out(mine);
  bytes = broadcast_bytes(comm, std::move(bytes), root);
  T value{};
  InputBytes in(bytes);
  in(value);
  return value;
}

/// The error of the lowest rank that has one, on every rank, so that all of them stop together.
/// Collective.
Status agree(MPI_Comm comm, const Status& mine);

}  // namespace buddy::comm
