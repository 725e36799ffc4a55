// Builds a body of runs in place.
#pragma once

#include <cstdint>
#include <span>

#include "base/contract.hpp"
#include "wire/run.hpp"

namespace buddy::wire {

/// An open block: runs are appended to a fixed buffer, in one form.
///
/// Shapes: the buffer holds whole runs; try_extend() serves any number of items of the open run.
/// Invariants: first <= cursor <= limit; key() says what may extend the open run; the header of the
/// open run is written when the run is closed, so an append touches only the cursor and the item.
/// It is plain data without owners, so that it can lie in an arena.
/// Threads: one.
class alignas(64) BlockBuilder {
 public:
  static constexpr std::uint64_t no_key = ~std::uint64_t{0};
  static constexpr std::uint64_t key(std::uint32_t handler, std::uint32_t item_bytes) noexcept {
    return std::uint64_t{item_bytes} << 32 | handler;
  }
  /// Bytes after `limit` that appends may scribble on (fixed-size copies of a little more).
  static constexpr std::size_t slack_bytes = 8;

  /// \param buffer at least slack_bytes longer than what the body may hold; 8-aligned
  void attach(std::span<std::byte> buffer, Form form) noexcept {
    BUDDY_EXPECT(buffer.size() % 8 == 0 && buffer.size() > slack_bytes + sizeof(RunHeader));
    first_ = buffer.data();
    limit_ = buffer.data() + buffer.size() - slack_bytes;
    form_ = form;
    clear();
  }

  Form form() const noexcept { return form_; }
  /// Bytes that a body may have.
  std::size_t capacity() const noexcept { return static_cast<std::size_t>(limit_ - first_); }
  bool empty() const noexcept { return cursor_ == first_; }
  std::size_t bytes() const noexcept { return static_cast<std::size_t>(cursor_ - first_); }
  /// Items in closed runs; after finish(): in the block.
  std::uint64_t records() const noexcept { return records_; }
  /// Bytes of their payloads.
  std::uint64_t payload_bytes() const noexcept { return payload_bytes_; }

  /// Room for one more fixed item of the open run, or nullptr if another run or block is needed.
  std::byte* try_extend(std::uint64_t item_key, std::size_t stride) noexcept {
    std::byte* item = cursor_;
    // limit_ lies at least a block away from the end of the address space: no overflow.
    if (item_key != key_ || item + stride > limit_) return nullptr;
    cursor_ = item + stride;
    return item;
  }

  /// Closes the open run and starts another. \return false if not even one item fits: flush first
  bool open_run(std::uint32_t handler, std::uint32_t item_bytes, std::size_t stride) noexcept;

  /// Appends an item with its own length. \return false if it does not fit: flush first
  bool append_variable(std::uint32_t handler, const Item& item) noexcept;

  /// For an owner that appends by a copy of cursor, limit and key of its own: where it got to,
  /// which is a whole number of items after where it started.
  void resume(std::byte* cursor) noexcept { cursor_ = cursor; }
  std::byte* cursor() const noexcept { return cursor_; }
  std::byte* limit() const noexcept { return limit_; }
  std::uint64_t open_key() const noexcept { return key_; }

  /// Closes the open run. \return the body; valid until clear()
  std::span<const std::byte> finish() noexcept;

  void clear() noexcept {
    cursor_ = first_;
    run_ = nullptr;
    key_ = no_key;
    records_ = 0;
    payload_bytes_ = 0;
    variable_count_ = 0;
  }

 private:
  void close_run() noexcept;

  std::byte* cursor_ = nullptr;
  std::byte* limit_ = nullptr;
  std::uint64_t key_ = no_key;
  std::byte* run_ = nullptr;  ///< header of the open run
  std::byte* first_ = nullptr;
  std::uint64_t records_ = 0;
  std::uint64_t payload_bytes_ = 0;
  std::uint32_t variable_count_ = 0;
  Form form_ = Form::routed;
};

}  // namespace buddy::wire
