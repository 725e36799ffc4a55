// A conveyor: states, and what the functions of convey.h do in them.
#pragma once

#include <convey.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "end_barrier.hpp"
#include "errors.hpp"
#include "inbox.hpp"
#include "outgoing.hpp"
#include "wire.hpp"
#include "world.hpp"

namespace buddy::convey {

/// dormant -begin-> working -advance(true)-> ending -> cleanup -> complete -reset-> dormant.
enum class State { dormant, working, ending, cleanup, complete };

/// What a constructor has chosen.
struct Choice {
  std::uint64_t options = 0;
  bool elastic = false;
  std::size_t most_bytes = max_item_bytes;  ///< of an item
};

}  // namespace buddy::convey

/// What convey_t points to. Its base is what the program's own code reads and writes, and what is
/// switched off whenever that code must not act by itself: lanes while items may not be pushed, the
/// range to read while there is none.
/// Results: a convey_status or a Code. Errors: buddy::Error when the job fails, std::bad_alloc.
/// Threads: the PE's.
struct conveyor final : buddy_convey_fast {
  using State = buddy::convey::State;
  using Inbox = buddy::convey::Inbox;
  using Outgoing = buddy::convey::Outgoing;
  using Shape = buddy::convey::Shape;
  using World = buddy::convey::World;

  /// Collective: all PEs make the same conveyors in the same order.
  conveyor(World& world, const buddy::convey::Choice& choice);
  ~conveyor();
  conveyor(const conveyor&) = delete;
  conveyor& operator=(const conveyor&) = delete;

  /// Collective, whatever the arguments of this PE are worth, unless the state forbids it.
  int begin(std::size_t item_size, std::size_t align);
  int push(const void* item, std::int64_t pe);
  int epush(std::size_t bytes, const void* item, std::int64_t pe);
  int pull(void* item, std::int64_t* from);
  void* apull(std::int64_t* from);
  int epull(convey_item_t& result);
  int unpull();
  int advance(bool done);
  int reset();

  State state() const noexcept { return state_; }
  bool is_elastic() const noexcept { return choice_.elastic; }
  std::uint64_t options() const noexcept { return choice_.options; }
  std::uint64_t features() const noexcept;
  std::size_t item_size() const noexcept {
    return state_ == State::dormant ? 0 : shape_.item_bytes;
  }
  std::int64_t statistic(int which) const noexcept;
  World& world() const noexcept { return world_; }
  int rank() const noexcept { return world_.rank(); }
  std::uint32_t number() const noexcept { return number_; }
  /// Whether a message about this error is still to be printed.
  bool shall_print(int code) noexcept;

  /// A message from a PE, this one included.
  void receive(const buddy::convey::PackHeader& header, std::span<const std::byte> items);
  void take_own_large(std::span<const std::byte> item);
  /// The job has failed.
  void stop() noexcept;

 private:
  using Counts = std::array<std::int64_t, convey_CUMULATIVE>;

  int check_push(const void* item, std::int64_t pe) const noexcept;
  /// \return the result of a push, after it was noted if there was no room
  int noted(int result);
  void let_program_push() noexcept;
  void set_shape(std::size_t item_size, std::size_t align) noexcept;
  /// Collective. \return the result of begin()
  int agree(int mine);
  /// Makes the next items readable. \return false if none has arrived
  bool open_next();
  /// The bytes of the next item, not taken yet. \pre there is one
  std::span<char> peek() const noexcept;
  bool at_end() const noexcept { return cursor() == limit(); }
  bool has_item() { return !at_end() || open_next(); }
  char* cursor() const noexcept { return is_elastic() ? elastic_read_ : read; }
  char* limit() const noexcept { return is_elastic() ? elastic_limit_ : read_limit; }
  /// Steps over an item that peek() gave.
  void take(std::span<char> item) noexcept;
  void return_credits();
  Counts counts() const noexcept;
  std::int64_t taken() const noexcept;

  World& world_;
  buddy::convey::Choice choice_;
  std::uint32_t number_;
  State state_ = State::dormant;
  Shape shape_;
  Outgoing outgoing_;
  Inbox inbox_;
  std::size_t ended_pes_ = 0;  ///< those that will push no more
  buddy::convey::EndBarrier end_;
  bool is_over_ = false;  ///< all PEs have everything
  char* elastic_read_ = nullptr;
  char* elastic_limit_ = nullptr;
  char* before_ = nullptr;  ///< elastic: where the item stands that was pulled last
  std::int64_t taken_ = 0;  ///< items of packs that are read to the end; elastic: all
  std::int64_t unpulls_ = 0;
  std::int64_t begins_ = 0;
  std::int64_t advances_ = 0;
  Counts before_reset_{};      ///< sums of all earlier epochs
  std::uint32_t printed_ = 0;  ///< by negated code
};
