// What travels between conveyors: packs of items, pieces of large items, credits.
#pragma once

#include <buddy/comm.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

namespace buddy::convey {

/// First bytes of every message. All PEs run the same binary: no byte order, no versions.
struct PackHeader {
  std::uint32_t conveyor;  ///< its number, the same on every PE
  std::uint32_t source;    ///< PE
  std::uint32_t kind;      ///< a Kind, and above it how often the conveyor has begun
  std::uint32_t value;     ///< first piece: bytes of the whole item; credit: bytes
};
static_assert(sizeof(PackHeader) == 16);

enum Kind : std::uint32_t {
  kind_items = 0,        ///< whole items follow, perhaps none
  kind_end = 1,          ///< the same, and there will be no more
  kind_first_piece = 2,  ///< of a large item
  kind_piece = 3,
  kind_credit = 4,  ///< so many bytes of what the receiver of this has sent are pulled
};
inline constexpr std::uint32_t kind_bits = 8;

/// Items and everything that is aligned like them.
inline constexpr std::size_t line_bytes = 64;
constexpr std::size_t whole_lines(std::size_t bytes) noexcept {
  return (bytes + line_bytes - 1) / line_bytes * line_bytes;
}

/// Largest pack: four of them, with their headers, fill a block of the engine.
inline constexpr std::size_t max_pack_bytes = 8128;
static_assert(max_pack_bytes + sizeof(PackHeader) <= Comm::max_try_bytes);
static_assert(max_pack_bytes % line_bytes == 0);
/// Largest item.
inline constexpr std::size_t max_item_bytes = std::size_t{1} << 30;

/// What one pack takes in a receiver's memory, and of the sender's window: a line for its header.
constexpr std::size_t charge_of(std::size_t bytes) noexcept {
  return line_bytes + whole_lines(bytes);
}

/// How a conveyor is set up while it works. Equal on all PEs.
struct Shape {
  std::size_t pes = 0;
  std::size_t item_bytes = 0;
  std::size_t align = 1;
  std::size_t most_bytes = 0;    ///< of an elastic item
  std::size_t lane_bytes = 0;    ///< of a pack, at most
  std::size_t window_bytes = 0;  ///< that one PE may have under way to another, charged
  std::uint32_t epoch = 0;
  bool elastic = false;
};

/// Where the size of an elastic item stands that comes behind \p offset, and where its bytes begin.
constexpr std::size_t size_offset(std::size_t offset) noexcept {
  return (offset + 3) & ~std::size_t{3};
}
constexpr std::size_t data_offset(std::size_t offset, std::size_t align) noexcept {
  return (size_offset(offset) + 4 + align - 1) & ~(align - 1);
}

/// Whether a pack that has arrived holds whole items.
bool holds_whole_items(const Shape& shape, std::span<const std::byte> items) noexcept;

/// Chooses lanes and windows: about 1 MiB of each at any number of PEs.
void size_for(Shape& shape) noexcept;

}  // namespace buddy::convey
