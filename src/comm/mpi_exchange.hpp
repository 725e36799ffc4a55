// What start-up needs from MPI.
#pragma once

#include <buddy/detail/mpi.hpp>
#include <buddy/serialize.hpp>
#include <cstddef>
#include <span>
#include <vector>

#include "base/status.hpp"

namespace buddy::comm {

/// Every rank's bytes, on every rank, by rank. Collective.
std::vector<std::vector<std::byte>> all_gather_bytes(MPI_Comm comm,
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

/// The error of the lowest rank that has one, on every rank, so that all of them stop together.
/// Collective.
Status agree(MPI_Comm comm, const Status& mine);

}  // namespace buddy::comm
