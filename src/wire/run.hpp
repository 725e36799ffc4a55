// Runs: consecutive messages of one handler and size under one header. Layout in
// docs/formats/run.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "wire/frame.hpp"

namespace buddy::wire {

/// Whether items of a run carry the rank they are for.
enum class Form { routed, final };

/// item_bytes of runs whose items have a length each.
inline constexpr std::uint32_t variable_items = 0xffffffff;

/// 16 bytes before the items of a run; runs start at multiples of 8. Little-endian.
struct RunHeader {
  std::uint32_t handler;
  std::uint32_t item_bytes;  ///< payload bytes of every item, or variable_items
  std::uint32_t count;       ///< items
  std::uint32_t run_bytes;   ///< all items, without padding
};
static_assert(sizeof(RunHeader) == 16);

constexpr std::uint32_t round_up_8(std::uint32_t bytes) { return (bytes + 7u) & ~7u; }

/// Distance of items. An item without destination and payload still takes one byte, so that the
/// number of items always shows in the size of the run.
constexpr std::uint32_t item_stride(std::uint32_t item_bytes, Form form) {
  if (form == Form::routed) return item_bytes + 4;
  return item_bytes == 0 ? 1 : item_bytes;
}

template <class T>
T load(const std::byte* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
void store(std::byte* at, const T& value) noexcept {
  std::memcpy(at, &value, sizeof value);
}

/// One checked run inside a body.
struct Run {
  RunHeader header{};
  const std::byte* items = nullptr;
};

/// Walks over the runs of a body that may hold anything.
/// Checks that every run lies inside the body and that the size of fixed-size runs is what count
/// and item_bytes say; items of variable runs are checked by ItemReader.
class RunReader {
 public:
  enum class Next { run, end, corrupt };

  RunReader(std::span<const std::byte> body, Form form) : body_(body), form_(form) {}

  /// Offset of the next run in the body, bytes.
  std::uint32_t position() const noexcept { return position_; }
  void seek(std::uint32_t position) noexcept { position_ = position; }

  Next next(Run& run) noexcept;

 private:
  std::span<const std::byte> body_;
  Form form_;
  std::uint32_t position_ = 0;
};

/// One item of a run with variable sizes.
struct Item {
  std::uint32_t dest = 0;  ///< 0 in final form
  std::span<const std::byte> payload;
};

/// Walks over the items of a variable run.
class ItemReader {
 public:
  ItemReader(const Run& run, Form form)
      : at_(run.items), left_(run.header.run_bytes), form_(form) {}

  /// \return false if the bytes that are left cannot be an item
  bool next(Item& item) noexcept;
  std::uint32_t bytes_left() const noexcept { return left_; }

 private:
  const std::byte* at_;
  std::uint32_t left_;
  Form form_;
};

/// Walks all runs and items. \return messages in the body, or -1 if it is corrupt
std::int64_t count_messages(std::span<const std::byte> body, Form form) noexcept;

}  // namespace buddy::wire
