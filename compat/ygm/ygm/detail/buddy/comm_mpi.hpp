// Definitions of ygm::comm: values of any type by MPI.
#pragma once

#include <buddy/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include <ygm/comm.hpp>

namespace ygm {
namespace detail {

/// A value as MPI takes it. Throws std::length_error from 1 GiB on: MPI counts in ints.
template <typename T>
std::vector<std::byte> packed(const T& value) {
  constexpr std::size_t too_many = std::size_t{1} << 30;
  std::vector<std::byte> bytes;
  buddy::OutputBytes archive(bytes);
  buddy::put_value(archive, value);
  if (bytes.size() >= too_many) {
    throw std::length_error("a value takes " + std::to_string(bytes.size()) +
                            " bytes (one sent by MPI must be smaller than 1 GiB) send it in parts");
  }
  return bytes;
}

template <typename T>
T unpacked(const std::vector<std::byte>& bytes) {
  buddy::InputBytes archive(bytes);
  return buddy::take_value<T>(archive);
}

}  // namespace detail

template <typename T>
void comm::mpi_send(const T& data, int dest, int tag, MPI_Comm where) const {
  const std::vector<std::byte> bytes = detail::packed(data);
  const std::uint64_t size = bytes.size();
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Isend(&size, 1, MPI_UINT64_T, dest, tag, where, &request);
  self().wait_for(request);
  MPI_Isend(bytes.data(), static_cast<int>(size), MPI_BYTE, dest, tag, where, &request);
  self().wait_for(request);
}

template <typename T>
T comm::mpi_recv(int source, int tag, MPI_Comm where) const {
  std::uint64_t size = 0;
  MPI_Status status;
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Irecv(&size, 1, MPI_UINT64_T, source, tag, where, &request);
  self().wait_for(request, &status);
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  // The same sender, should source or tag be wildcards.
  MPI_Irecv(bytes.data(), static_cast<int>(size), MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG,
            where, &request);
  self().wait_for(request);
  return detail::unpacked<T>(bytes);
}

template <typename T>
T comm::mpi_bcast(const T& data, int root, MPI_Comm where) const {
  int my_rank = 0;
  MPI_Comm_rank(where, &my_rank);
  std::vector<std::byte> bytes;
  if (my_rank == root) bytes = detail::packed(data);
  std::uint64_t size = bytes.size();
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibcast(&size, 1, MPI_UINT64_T, root, where, &request);
  self().wait_for(request);
  bytes.resize(static_cast<std::size_t>(size));
  MPI_Ibcast(bytes.data(), static_cast<int>(size), MPI_BYTE, root, where, &request);
  self().wait_for(request);
  return detail::unpacked<T>(bytes);
}

template <typename T, typename MergeFunction>
T comm::all_reduce(const T& value, MergeFunction merge) const {
  constexpr int tag = 0;
  T result = value;
  for (const int child : {2 * rank() + 1, 2 * rank() + 2}) {
    if (child >= size()) break;
    const T of_child = mpi_recv<T>(child, tag);
    result = merge(result, of_child);
  }
  if (!rank0()) mpi_send(result, (rank() - 1) / 2, tag);
  return mpi_bcast(result, 0);
}

}  // namespace ygm
