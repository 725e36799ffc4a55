// A rank's messages on their way to its engine.
#pragma once

#include <buddy/detail/outbox.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "arena/sizes.hpp"
#include "comm/endpoint/endpoint_context.hpp"
#include "wire/block_builder.hpp"

namespace buddy::comm {

/// The open block that async() appends to, and the overflow queue of blocks that found no room.
///
/// It never waits and runs nothing: where a block has to go first, it says so, and Endpoint
/// publishes, waits and runs handlers, which may append to the same block meanwhile.
/// Invariants: blocks reach the engine in the order in which they were filled, those of the
/// overflow queue first; between two calls the outbox is the position in the open block.
/// Threads: the rank's.
class Sender {
 public:
  /// Why a block is published.
  enum class Reason { full, poll, idle };
  /// What the open block is for an idle engine.
  enum class Piece { too_small, lone, stream };

  /// \param outbox the append position that async() uses; must outlive this
  /// \param most_collected_bytes a block is published when it has so many, full or not
  Sender(EndpointContext& context, detail::Outbox& outbox, const arena::Sizes& sizes,
         std::size_t most_collected_bytes);

  /// From now on async() never extends a run by itself.
  void see_all_messages() noexcept;

  /// The block has as much as it may collect. It may hold one item whatever the limit.
  bool collected_enough(std::size_t more_bytes) noexcept;
  /// Room for an item of fixed size. \return nullptr if the block has to be published first
  std::byte* try_open_run(std::uint32_t handler, std::uint32_t item_bytes) noexcept;
  /// Appends an item with its own length. \return false if the block has to be published first
  bool try_append(std::uint32_t handler, const wire::Item& item) noexcept;

  /// Gives the open block to the engine, or to the overflow queue. In a handler, where nobody may
  /// wait, it makes an embedded engine work if that makes room.
  void publish(Reason reason);
  /// Gives the engine what it has room for. \return whether anything moved
  bool drain_overflow();
  bool overflowing() const noexcept { return !overflow_.empty(); }
  /// Whether everything has been given to the engine.
  bool empty() noexcept { return block_empty() && overflow_.empty(); }
  /// Publishes what has been collected, if it need not wait. \return whether anything moved
  bool publish_collected();
  /// \param asleep the engine has been idle for long
  Piece piece_for_idle_engine(bool asleep) noexcept;
  /// The engine may have the next piece whatever its size.
  void allow_small_pieces() noexcept { smallest_piece_bytes_ = 0; }

  /// Drops the open block.
  void discard() noexcept;
  std::uint64_t block_capacity_bytes() const noexcept { return builder_.capacity(); }
  /// Adds the messages in the open block, which are not counted yet.
  void count_open_block(Stats& stats) noexcept;

 private:
  void sync_from_outbox() noexcept { builder_.resume(outbox_.cursor); }
  void sync_to_outbox() noexcept {
    detail::AppendCursor position = builder_.position();
    position.limit = append_limit_;
    if (sees_all_messages_) position.open_key = detail::AppendCursor::no_key;
    outbox_.move_to(position);
  }
  bool block_empty() noexcept {
    sync_from_outbox();
    return builder_.empty();
  }
  void count_block(Reason reason) noexcept;
  bool try_push(std::span<const std::byte> body, std::uint64_t records);
  void overflow(std::span<const std::byte> body, std::uint64_t records);

  struct Block {
    std::vector<std::byte> body;
    std::uint64_t records;
  };

  EndpointContext& context_;
  detail::Outbox& outbox_;
  std::vector<std::byte> block_memory_;
  wire::BlockBuilder builder_;
  std::byte* append_limit_;  ///< where appending ends: the block's, or sooner
  std::deque<Block> overflow_;
  std::uint64_t overflow_bytes_ = 0;
  std::size_t smallest_piece_bytes_ = 0;  ///< worth giving to an idle engine
  bool sees_all_messages_ = false;
};

}  // namespace buddy::comm
