// Bulk-synchronous exchange of items between ranks: what one writes without Buddy.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace workloads {

/// Collects up to chunk_items items of item_bytes each in one bucket per destination, then
/// exchanges all buckets in one MPI_Alltoallv.
/// Memory: a bucket can take the whole chunk, so that adding needs no check; pages that are never
/// written cost nothing. For many ranks the chunk shrinks to keep all buckets within 64 MiB.
/// Invariant: at most chunk_items() calls of add() between two exchanges.
/// Threads: the rank's.
class BulkExchange {
 public:
  /// \param item_bytes at least 1 \param chunk_items wished for, at least 1
  BulkExchange(MPI_Comm comm, std::size_t item_bytes, std::size_t chunk_items);

  /// Items that may be added before the next exchange(), the same on every rank.
  std::size_t chunk_items() const noexcept { return chunk_items_; }

  /// Place for the next item to rank \p destination; no alignment.
  std::byte* add(int destination) noexcept {
    std::byte*& end = ends_[static_cast<std::size_t>(destination)];
    std::byte* item = end;
    end += item_bytes_;
    return item;
  }

  /// Collective. \return the items sent to this rank, by source; valid until the next call
  std::span<const std::byte> exchange();

 private:
  void exchange_counts();

  MPI_Comm comm_;
  std::size_t ranks_;
  std::size_t item_bytes_;
  std::size_t chunk_items_;
  std::unique_ptr<std::byte[]> buckets_;  ///< ranks_ times chunk_items_ items
  std::vector<std::byte*> ends_;          ///< of each bucket's contents
  std::vector<int> send_counts_;          ///< bytes, as are all below
  std::vector<int> send_offsets_;
  std::vector<int> receive_counts_;
  std::vector<int> receive_offsets_;
  std::unique_ptr<std::byte[]> received_;
};

}  // namespace workloads
