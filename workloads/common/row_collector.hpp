// Turns entries that arrive in any order into compressed rows.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "common/huge_pages.hpp"
#include "common/matrix.hpp"

namespace workloads {

/// Memory in pieces of one size, given back all at once.
/// Slabs grow, so that a small matrix touches little memory and a large one lies on huge pages.
class ChunkPool {
 public:
  static constexpr std::size_t chunk_bytes = 8192;

  std::byte* take() {
    if (left_.size() < chunk_bytes) {
      slabs_.emplace_back(slab_bytes_);
      left_ = slabs_.back().bytes();
      slab_bytes_ = std::min(2 * slab_bytes_, most_slab_bytes);
    }
    std::byte* const chunk = left_.data();
    left_ = left_.subspan(chunk_bytes);
    return chunk;
  }
  void clear() { *this = {}; }

 private:
  static constexpr std::size_t most_slab_bytes = std::size_t{16} << 20;

  std::vector<HugePages> slabs_;
  std::span<std::byte> left_;  ///< of the last slab
  std::size_t slab_bytes_ = std::size_t{512} << 10;
};

/// Collects entries in buckets of neighbouring rows and sorts bucket by bucket, so that both steps
/// stay in the core's own caches: a first pass that counts the entries of each row, as in bale's
/// transpose, would need a second round of messages, and placing entries straight into their rows
/// would miss the cache once or twice per entry.
/// Memory: the entries twice for a moment, plus one chunk of 8 KiB per bucket.
/// Threads: one.
template <class Value>
class RowCollector {
 public:
  /// \param rows of this rank; the entries' rows are below it
  explicit RowCollector(std::uint64_t rows)
      : rows_(rows),
        shift_(bucket_shift(rows)),
        ends_(static_cast<std::size_t>((rows >> shift_) + 1)),
        chunks_(ends_.size()) {}

  /// Cost: two stores and a compare; an allocation of 8 KiB once per chunk.
  void add(const Entry<Value>& entry) {
    const std::size_t bucket = entry.row >> shift_;
    End& end = ends_[bucket];
    if (end.next == end.limit) [[unlikely]]
      add_chunk(bucket);
    *end.next++ = entry;
  }

  /// Adds entries as they arrive from an exchange of bytes; no alignment needed.
  void add_all(std::span<const std::byte> bytes) {
    Entry<Value> entry;
    for (; bytes.size() >= sizeof entry; bytes = bytes.subspan(sizeof entry)) {
      std::memcpy(&entry, bytes.data(), sizeof entry);
      add(entry);
    }
  }

  /// The rows; leaves nothing behind.
  CompressedRows<Value> build() {
    CompressedRows<Value> result;
    result.row_begin.resize(static_cast<std::size_t>(rows_) + 1);
    result.cells = HugeArray<Cell<Value>>(entries());
    std::uint64_t placed = 0;
    for (std::size_t bucket = 0; bucket < ends_.size(); ++bucket) {
      placed = build_bucket(bucket, placed, result);
      chunks_[bucket].clear();
      ends_[bucket] = {};
    }
    pool_.clear();
    result.row_begin[static_cast<std::size_t>(rows_)] = placed;
    return result;
  }

 private:
  using Chunk = Entry<Value>*;
  struct End {
    Entry<Value>* next = nullptr;
    Entry<Value>* limit = nullptr;
  };
  static constexpr std::size_t chunk_entries = ChunkPool::chunk_bytes / sizeof(Entry<Value>);
  static constexpr std::uint64_t most_buckets = 512;  // their ends and chunks fit the L2 cache
  static constexpr int least_shift = 11;  // fewer rows at a time gain nothing: cursors fit the L1

  /// Rows per bucket are a power of two.
  static int bucket_shift(std::uint64_t rows) {
    return std::max(least_shift, static_cast<int>(std::bit_width(rows / most_buckets)));
  }

  void add_chunk(std::size_t bucket) {
    auto* const chunk = reinterpret_cast<Chunk>(pool_.take());
    chunks_[bucket].push_back(chunk);
    ends_[bucket] = {chunk, chunk + chunk_entries};
  }

  std::span<const Entry<Value>> filled(std::size_t bucket, std::size_t chunk) const {
    const Entry<Value>* first = chunks_[bucket][chunk];
    const bool is_last = chunk + 1 == chunks_[bucket].size();
    return {first, is_last ? static_cast<std::size_t>(ends_[bucket].next - first) : chunk_entries};
  }

  std::size_t entries() const {
    std::size_t count = 0;
    for (std::size_t bucket = 0; bucket < ends_.size(); ++bucket) {
      for (std::size_t chunk = 0; chunk < chunks_[bucket].size(); ++chunk) {
        count += filled(bucket, chunk).size();
      }
    }
    return count;
  }

  /// Counting sort of one bucket behind the \p placed cells of the buckets before it.
  /// \return cells placed so far
  std::uint64_t build_bucket(std::size_t bucket, std::uint64_t placed,
                             CompressedRows<Value>& result) {
    const std::uint64_t first_row = std::uint64_t{bucket} << shift_;
    const std::uint64_t end_row = std::min(rows_, (std::uint64_t{bucket} + 1) << shift_);
    if (first_row >= end_row) return placed;
    cursors_.assign(static_cast<std::size_t>(end_row - first_row), 0);
    for_each(bucket, [&](const Entry<Value>& entry) { ++cursors_[entry.row - first_row]; });
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      result.row_begin[static_cast<std::size_t>(first_row) + i] = placed;
      placed += std::exchange(cursors_[i], placed);
    }
    Cell<Value>* const cells = result.cells.data();
    for_each(bucket, [&](const Entry<Value>& entry) {
      cells[cursors_[entry.row - first_row]++] = {entry.column, entry.value};
    });
    return placed;
  }

  template <class Visit>
  void for_each(std::size_t bucket, Visit visit) const {
    for (std::size_t chunk = 0; chunk < chunks_[bucket].size(); ++chunk) {
      for (const Entry<Value>& entry : filled(bucket, chunk)) visit(entry);
    }
  }

  std::uint64_t rows_;
  int shift_;
  std::vector<End> ends_;                   ///< where each bucket's last chunk goes on
  std::vector<std::vector<Chunk>> chunks_;  ///< of each bucket; all full but the last
  ChunkPool pool_;
  std::vector<std::uint64_t> cursors_;  ///< next cell of each row of a bucket
};

}  // namespace workloads
