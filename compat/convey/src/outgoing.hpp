// A PE's items on their way out: one lane for each PE.
#pragma once

#include <convey.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "line_memory.hpp"
#include "wire.hpp"

struct conveyor;

namespace buddy::convey {

/// Collects pushed items into packs, and sends a pack when its lane is full, as far as the window
/// of the receiver allows.
///
/// Shapes: a lane is a line for the pack's header and lane_bytes of items. An elastic item is its
/// size in 4 bytes, then its bytes at the next multiple of the alignment. An item that fits no lane
/// travels in pieces; what is left of it waits outside of the lane, which stays empty meanwhile.
/// Invariant: at most window_bytes, or one large item and half of that, are charged per PE.
/// Threads: the PE's.
class Outgoing {
 public:
  /// \param self the conveyor, which takes its items for its own PE without a message
  explicit Outgoing(conveyor& self) noexcept : self_(self) {}

  void begin(const Shape& shape);
  void give_back_memory() noexcept;
  std::vector<buddy_convey_lane>& lanes() noexcept { return lanes_; }

  /// \return convey_OK or convey_FAIL
  int push(const void* item, std::size_t pe);
  int epush(std::size_t bytes, const void* item, std::size_t pe);

  /// Sends what is in the lanes, as far as it may. \return whether anything moved
  bool flush_all();
  /// Sends the rests of large items only.
  bool send_rests();
  /// Sends what is in the lanes with an end marker. \return whether all PEs have theirs
  bool end_all();
  void take_credit(std::size_t pe, std::uint32_t bytes) noexcept { charged_[pe] -= bytes; }

  std::int64_t pushes() const noexcept;
  std::int64_t packs() const noexcept { return packs_; }
  std::int64_t bytes() const noexcept { return bytes_; }
  /// After a reset: counting begins anew.
  void clear_counts() noexcept;

 private:
  /// What is left of a large item that did not go at once.
  struct Rest {
    std::vector<std::byte> item;
    std::size_t sent = 0;
  };

  char* base(std::size_t pe) noexcept { return memory_.data() + pe * stride_ + line_bytes; }
  std::size_t filled(std::size_t pe) noexcept {
    return static_cast<std::size_t>(lanes_[pe].next - base(pe));
  }
  bool has_room(std::size_t pe, std::size_t charge) const noexcept;
  PackHeader header(std::uint32_t kind, std::uint32_t value) const noexcept;
  bool flush(std::size_t pe, std::uint32_t kind = kind_items);
  int push_large(std::size_t bytes, const void* item, std::size_t pe);
  /// \return how much of the item has been sent, from \p sent on
  std::size_t send_pieces(std::size_t pe, std::span<const std::byte> item, std::size_t sent);
  bool finish_large(std::size_t pe);

  conveyor& self_;
  Shape shape_;
  std::vector<buddy_convey_lane> lanes_;
  LineMemory memory_;
  std::size_t stride_ = 0;
  std::vector<std::uint64_t> charged_;  ///< by PE
  std::unordered_map<std::size_t, Rest> large_;
  std::vector<std::uint32_t> to_end_;   ///< PEs without their end marker
  std::vector<std::uint32_t> in_lane_;  ///< elastic: items in each lane
  std::int64_t pushed_ = 0;             ///< items that have left their lanes
  std::int64_t packs_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace buddy::convey
