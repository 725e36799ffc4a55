#include "common/bulk_exchange.hpp"

#include <algorithm>
#include <climits>
#include <stdexcept>

#include "common/program.hpp"

namespace workloads {
namespace {

constexpr std::size_t largest_buckets = std::size_t{64} << 20;

}  // namespace

BulkExchange::BulkExchange(MPI_Comm comm, std::size_t item_bytes, std::size_t chunk_items)
    : comm_(comm),
      ranks_(static_cast<std::size_t>(comm_size(comm))),
      item_bytes_(item_bytes),
      chunk_items_(
          std::clamp<std::size_t>(largest_buckets / (ranks_ * item_bytes), 1, chunk_items)),
      ends_(ranks_),
      send_counts_(ranks_),
      send_offsets_(ranks_),
      receive_counts_(ranks_),
      receive_offsets_(ranks_) {
  const std::size_t bucket_bytes = chunk_items_ * item_bytes_;
  if (bucket_bytes > INT_MAX / ranks_) throw std::length_error("items too large for MPI's counts");
  buckets_ = std::make_unique_for_overwrite<std::byte[]>(ranks_ * bucket_bytes);
  received_ = std::make_unique_for_overwrite<std::byte[]>(ranks_ * bucket_bytes);
  for (std::size_t rank = 0; rank < ranks_; ++rank) {
    ends_[rank] = buckets_.get() + rank * bucket_bytes;
    send_offsets_[rank] = static_cast<int>(rank * bucket_bytes);
  }
}

void BulkExchange::exchange_counts() {
  for (std::size_t rank = 0; rank < ranks_; ++rank) {
    std::byte* const begin = buckets_.get() + send_offsets_[rank];
    send_counts_[rank] = static_cast<int>(ends_[rank] - begin);
    ends_[rank] = begin;
  }
  MPI_Alltoall(send_counts_.data(), 1, MPI_INT, receive_counts_.data(), 1, MPI_INT, comm_);
}

std::span<const std::byte> BulkExchange::exchange() {
  exchange_counts();
  int received = 0;
  for (std::size_t rank = 0; rank < ranks_; ++rank) {
    receive_offsets_[rank] = received;
    received += receive_counts_[rank];
  }
  MPI_Alltoallv(buckets_.get(), send_counts_.data(), send_offsets_.data(), MPI_BYTE,
                received_.get(), receive_counts_.data(), receive_offsets_.data(), MPI_BYTE, comm_);
  return {received_.get(), static_cast<std::size_t>(received)};
}

}  // namespace workloads
