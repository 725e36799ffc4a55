// Packets in a buffer, first in, first out.
#pragma once

#include <cstddef>
#include <memory>

namespace buddy::transport {

/// Pieces of different sizes, each contiguous, in a fixed buffer.
/// Shapes: sizes are multiples of packet_alignment; the buffer is cache-line aligned.
/// Invariant: as long as at most capacity - largest piece bytes are stored, the next one fits.
/// An empty queue starts over at the front, so that a connection whose other end keeps up stays
/// inside a few cache-warm pages.
/// Threads: one.
class PacketFifo {
 public:
  explicit PacketFifo(std::size_t capacity_bytes);

  bool empty() const noexcept { return used_ == 0; }
  /// Bytes stored.
  std::size_t used() const noexcept { return used_; }

  /// Where the next piece of \p bytes goes, or nullptr if it does not fit.
  /// Asking again without push() gives the same place, if that is large enough.
  std::byte* room(std::size_t bytes) noexcept;
  /// Stores the piece written to room(). \pre room(bytes) was the last call
  void push(std::size_t bytes) noexcept;
  /// Bytes that fit behind each other at the place room() gave.
  std::size_t contiguous() const noexcept;

  /// The oldest piece. \pre !empty()
  std::byte* front() noexcept { return memory_.get() + head_; }
  /// \param bytes size of the oldest piece
  void pop(std::size_t bytes) noexcept;

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept;
  };

  std::size_t capacity_;
  std::unique_ptr<std::byte[], Free> memory_;
  std::size_t head_ = 0;  ///< oldest piece
  std::size_t tail_ = 0;  ///< behind the newest
  std::size_t end_ = 0;   ///< where the pieces before the wrap end; used while tail_ <= head_
  std::size_t used_ = 0;
};

}  // namespace buddy::transport
