// Builds a body of runs in place.
#pragma once

#include <algorithm>
#include <buddy/detail/append_cursor.hpp>
#include <cstdint>
#include <limits>
#include <span>

#include "base/contract.hpp"
#include "wire/run.hpp"

namespace buddy::wire {

/// An open block: runs are appended to a fixed buffer, in one form.
///
/// Shapes: the buffer holds whole runs; try_extend() serves any number of items of the open run. A
/// block is full at its capacity; an item that is larger goes alone, if the buffer has room.
/// Invariants: first <= cursor <= limit; key() says what may extend the open run; the header of the
/// open run is written when the run is closed, so an append touches only the cursor and the item.
/// It is plain data without owners, so that it can lie in an arena.
/// Threads: one.
class alignas(64) BlockBuilder {
 public:
  using AppendCursor = detail::AppendCursor;
  static constexpr std::uint64_t key(std::uint32_t handler, std::uint32_t item_bytes) noexcept {
    return AppendCursor::key(handler, item_bytes);
  }
  /// Bytes after `limit` that appends may scribble on (fixed-size copies of a little more).
  static constexpr std::size_t slack_bytes = 8;

  /// \param buffer at least slack_bytes longer than what the body may hold; 8-aligned
  /// \param most_bytes capacity, a multiple of 8; what the buffer holds if that is less
  void attach(std::span<std::byte> buffer, Form form,
              std::size_t most_bytes = std::numeric_limits<std::size_t>::max()) noexcept {
    BUDDY_EXPECT(buffer.size() % 8 == 0 && buffer.size() > slack_bytes + sizeof(RunHeader));
    first_ = buffer.data();
    largest_bytes_ = static_cast<std::uint32_t>(buffer.size() - slack_bytes);
    capacity_bytes_ = static_cast<std::uint32_t>(std::min<std::size_t>(largest_bytes_, most_bytes));
    form_ = form;
    clear();
  }

  Form form() const noexcept { return form_; }
  /// Bytes that a body may have.
  std::size_t capacity() const noexcept { return capacity_bytes_; }
  /// Bytes that it may have if it is one item.
  std::size_t largest_body() const noexcept { return largest_bytes_; }
  bool empty() const noexcept { return at_.cursor == first_; }
  std::size_t bytes() const noexcept { return static_cast<std::size_t>(at_.cursor - first_); }
  /// Items in closed runs; after finish(): in the block.
  std::uint64_t records() const noexcept { return records_; }
  /// Bytes of their payloads.
  std::uint64_t payload_bytes() const noexcept { return payload_bytes_; }

  /// Room for one more fixed item of the open run, or nullptr if another run or block is needed.
  std::byte* try_extend(std::uint64_t item_key, std::size_t stride) noexcept {
    return at_.try_extend(item_key, stride);
  }

  /// Closes the open run and starts another. \return false if not even one item fits: flush first
  bool open_run(std::uint32_t handler, std::uint32_t item_bytes, std::size_t stride) noexcept;

  /// Appends an item with its own length. \return false if it does not fit: flush first
  bool append_variable(std::uint32_t handler, const Item& item) noexcept;

  /// For an owner that appends by a copy of the position: where it got to, which is a whole number
  /// of items after where it started.
  void resume(std::byte* cursor) noexcept { at_.cursor = cursor; }
  const AppendCursor& position() const noexcept { return at_; }
  std::byte* cursor() const noexcept { return at_.cursor; }
  std::byte* limit() const noexcept { return at_.limit; }

  /// Closes the open run. \return the body; valid until clear()
  std::span<const std::byte> finish() noexcept;

  void clear() noexcept {
    at_.cursor = first_;
    at_.limit = first_ + capacity_bytes_;
    run_ = nullptr;
    at_.open_key = AppendCursor::no_key;
    records_ = 0;
    payload_bytes_ = 0;
    variable_count_ = 0;
  }

 private:
  void close_run() noexcept;
  bool make_room_for_one(std::size_t bytes) noexcept;

  AppendCursor at_;
  std::byte* run_ = nullptr;  ///< header of the open run
  std::byte* first_ = nullptr;
  std::uint32_t records_ = 0;
  std::uint32_t payload_bytes_ = 0;
  std::uint32_t variable_count_ = 0;
  std::uint32_t capacity_bytes_ = 0;
  std::uint32_t largest_bytes_ = 0;
  Form form_ = Form::routed;
};
static_assert(sizeof(BlockBuilder) == 64, "a cache line: engines walk over one for each hop");

}  // namespace buddy::wire
