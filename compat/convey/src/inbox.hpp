// A PE's items that have arrived and are to be pulled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "line_memory.hpp"
#include "wire.hpp"

namespace buddy::convey {

/// Packs in the order of their arrival, in a ring of memory, each behind a line that describes it.
///
/// Invariants: the oldest pack stays where it is until the next one is opened, so that pointers
/// into it stay valid and its items can be unpulled; its bytes are owed to the sender as soon as it
/// is read to the end. Windows keep the rest within the ring. Threads: the PE's.
class Inbox {
 public:
  struct Pack {
    char* items;  ///< aligned to a line
    std::size_t bytes;
    std::uint32_t source;
    bool is_large;  ///< one item, not in the form of a lane
  };

  void begin(const Shape& shape);
  void give_back_memory() noexcept;

  /// \return false if it does not fit: the sender has broken its window
  bool append(std::uint32_t source, std::span<const std::byte> items);
  /// The first piece tells the size of the whole. \return false if the pieces do not fit together
  bool append_piece(std::uint32_t source, std::span<const std::byte> piece, std::size_t whole,
                    bool is_first);
  /// A large item of this PE for itself.
  bool append_large(std::uint32_t source, std::span<const std::byte> item);

  /// Gives up the open pack and opens the next one. \return false if there is none: the open one,
  /// if any, stays
  bool open_next();
  /// What open_next() opened. \pre it has returned true since begin()
  const Pack& open() const noexcept { return open_; }
  bool has_open() const noexcept { return has_open_; }
  /// The open pack has been read to its end: its sender may send as much again.
  void finish_open() noexcept;
  /// Whether there are packs behind the open one.
  bool has_more() const noexcept { return packs_ > (has_open_ ? 1u : 0u); }

  /// PEs that are owed so much that they should hear of it.
  std::vector<std::uint32_t>& due() noexcept { return due_; }
  std::uint32_t owed(std::uint32_t source) const noexcept { return owed_[source]; }
  void paid(std::uint32_t source) noexcept { owed_[source] = 0; }

 private:
  struct alignas(line_bytes) Line {
    std::uint64_t stride;  ///< to the next one
    std::uint64_t bytes;
    std::uint32_t source;
    std::uint32_t charge;
    char* large;  ///< nullptr: the items follow
  };
  static_assert(sizeof(Line) == line_bytes);
  struct Large {
    LineMemory memory;
    std::size_t whole = 0;
    std::size_t arrived = 0;
  };

  Line* at(std::size_t offset) const noexcept {
    return reinterpret_cast<Line*>(ring_.data() + offset);
  }
  /// Memory at the end of the ring. \return nullptr if there is not so much
  Line* extend(std::size_t bytes) noexcept;
  bool finish_large(std::uint32_t source, Large& large);
  void pop() noexcept;

  Shape shape_;
  LineMemory ring_;
  std::size_t capacity_ = 0;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
  std::size_t last_ = 0;  ///< the newest pack's
  std::size_t packs_ = 0;
  Pack open_{};
  bool has_open_ = false;
  bool open_is_owed_ = false;
  std::vector<std::uint32_t> owed_;  ///< by PE
  std::vector<std::uint32_t> due_;
  std::unordered_map<std::uint32_t, Large> arriving_;         ///< by source
  std::unordered_map<const char*, LineMemory> large_memory_;  ///< by where it lies
};

}  // namespace buddy::convey
