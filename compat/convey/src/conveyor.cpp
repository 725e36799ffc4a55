#include "conveyor.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

using namespace buddy::convey;

conveyor::conveyor(World& world, const Choice& choice)
    : buddy_convey_fast{},
      world_(world),
      choice_(choice),
      number_(world.add(*this)),
      outgoing_(*this),
      end_(world.end_comm(), number_) {}

conveyor::~conveyor() {
  if (World::current() == &world_) world_.remove(number_);
}

// ---- begin and reset ------------------------------------------------------------------------

void conveyor::set_shape(std::size_t item_size, std::size_t align) noexcept {
  const std::size_t largest = std::min<std::size_t>(item_size & (~item_size + 1), CONVEY_MAX_ALIGN);
  const bool valid = std::has_single_bit(align) && align <= largest;
  shape_.pes = static_cast<std::size_t>(world_.size());
  shape_.item_bytes = item_size;
  shape_.align = valid ? align : largest;
  shape_.most_bytes = choice_.most_bytes;
  shape_.elastic = choice_.elastic;
  size_for(shape_);
}

int conveyor::begin(std::size_t item_size, std::size_t align) {
  if (state_ != State::dormant) return error_state;
  int problem = convey_OK;
  if (item_size == 0) problem = error_zero;
  if (item_size > choice_.most_bytes) problem = error_too_large;
  // Counted alike on all PEs, whatever each of them makes of its arguments.
  shape_.epoch = (shape_.epoch + 1) & (~std::uint32_t{0} >> kind_bits);
  if (problem == convey_OK) {
    set_shape(item_size, align);
    // Before the others know that they may send.
    try {
      inbox_.begin(shape_);
      outgoing_.begin(shape_);
    } catch (const std::bad_alloc&) {
      problem = error_alloc;
    }
  }
  ended_pes_ = 0;
  is_over_ = false;
  read = read_limit = elastic_read_ = elastic_limit_ = before_ = nullptr;
  item_bytes = item_size;
  if (const int result = agree(problem); result != convey_OK) return result;
  ++begins_;
  state_ = State::working;
  let_program_push();
  return convey_OK;
}

int conveyor::agree(int mine) {
  const auto size = static_cast<std::int64_t>(shape_.item_bytes << 7 | shape_.align);
  const std::int64_t what = std::int64_t{number_} << 1 | (choice_.elastic ? 1 : 0);
  std::array<std::int64_t, 5> least{mine, size, -size, what, -what};
  world_.least(least);
  if (mine < 0) return mine;
  if (least[0] < 0) return static_cast<int>(least[0]);
  const bool same = least[1] == -least[2] && least[3] == -least[4];
  return same ? int{convey_OK} : int{error_usage};
}

void conveyor::let_program_push() noexcept {
  lanes = outgoing_.lanes().data();
  pes = choice_.elastic ? 0 : shape_.pes;
}

int conveyor::reset() {
  if (state_ == State::dormant) return convey_OK;
  if (state_ != State::complete) return error_state;
  const Counts now = counts();
  for (std::size_t i = 0; i < now.size(); ++i) before_reset_[i] += now[i];
  outgoing_.clear_counts();
  begins_ = advances_ = unpulls_ = taken_ = 0;
  read = read_limit = elastic_read_ = elastic_limit_ = before_ = nullptr;
  if ((choice_.options & convey_opt_DYNAMIC) != 0) {
    outgoing_.give_back_memory();
    inbox_.give_back_memory();
  }
  state_ = State::dormant;
  return convey_OK;
}

// ---- advance --------------------------------------------------------------------------------

int conveyor::advance(bool done) {
  if (state_ == State::dormant) return error_state;
  ++advances_;
  if (state_ == State::complete) return convey_DONE;
  if (done && state_ == State::working) {
    state_ = State::ending;
    pes = 0;
  }
  if (at_end() && inbox_.has_open()) inbox_.finish_open();
  return_credits();
  bool moved = false;
  bool all_ended = false;
  if (state_ != State::working) {
    all_ended = outgoing_.end_all();
  } else {
    moved = outgoing_.send_rests();
    if ((choice_.options & convey_opt_PROGRESS) != 0) moved = outgoing_.flush_all() || moved;
  }
  moved = world_.poll() || moved;
  world_.note_progress(moved);
  if (!all_ended || ended_pes_ < shape_.pes) return convey_OK;
  // From here on this PE need not be asked again: what it has sent finds its way by itself, and
  // nobody waits for what it would forward.
  if (!is_over_) is_over_ = end_.pass();
  if (!is_over_ || !at_end() || inbox_.has_more() || !world_.try_flush()) {
    state_ = State::cleanup;
    return convey_NEAR;
  }
  state_ = State::complete;
  return convey_DONE;
}

void conveyor::return_credits() {
  std::erase_if(inbox_.due(), [this](std::uint32_t source) {
    const std::uint32_t bytes = inbox_.owed(source);
    if (source == static_cast<std::uint32_t>(rank())) {
      outgoing_.take_credit(source, bytes);
    } else {
      const PackHeader credit{number_, static_cast<std::uint32_t>(rank()),
                              shape_.epoch << kind_bits | kind_credit, bytes};
      if (!world_.try_send(source, std::as_bytes(std::span(&credit, 1)))) return false;
    }
    inbox_.paid(source);
    return true;
  });
}

void conveyor::stop() noexcept {
  pes = 0;
  read = read_limit = elastic_read_ = elastic_limit_ = nullptr;
}

// ---- arriving -------------------------------------------------------------------------------

void conveyor::receive(const PackHeader& header, std::span<const std::byte> items) {
  const std::uint32_t kind = header.kind & ((1u << kind_bits) - 1);
  const bool this_epoch = header.kind >> kind_bits == shape_.epoch;
  if (kind == kind_credit && !this_epoch) return;
  bool fits = this_epoch && header.source < shape_.pes;
  if (fits && kind == kind_credit) {
    outgoing_.take_credit(header.source, header.value);
  } else if (fits && (kind == kind_piece || kind == kind_first_piece)) {
    fits = inbox_.append_piece(header.source, items, header.value, kind == kind_first_piece);
  } else if (fits) {
    fits = holds_whole_items(shape_, items);
    if (fits && !items.empty()) fits = inbox_.append(header.source, items);
    if (kind == kind_end) ++ended_pes_;
  }
  if (fits) return;
  throw buddy::Error(buddy::ErrorCode::corrupt,
                     "PE " + std::to_string(rank()) + " cannot take what PE " +
                         std::to_string(header.source) +
                         " has pushed (it is of another phase or size) let all PEs call begin and "
                         "reset in the same order");
}

void conveyor::take_own_large(std::span<const std::byte> item) {
  if (!inbox_.append_large(static_cast<std::uint32_t>(rank()), item)) throw std::bad_alloc();
}

// ---- what is known --------------------------------------------------------------------------

std::uint64_t conveyor::features() const noexcept {
  std::uint64_t all = choice_.elastic ? convey_ELASTIC : 0;
  if ((choice_.options & convey_opt_PROGRESS) != 0) all |= convey_STEADY;
  return all;
}

conveyor::Counts conveyor::counts() const noexcept {
  Counts all{};
  all[convey_BEGINS] = begins_;
  all[convey_PUSHES] = outgoing_.pushes();
  all[convey_PULLS] = taken() + unpulls_;
  all[convey_UNPULLS] = unpulls_;
  all[convey_ADVANCES] = advances_;
  all[convey_COMMS] = outgoing_.packs();
  all[convey_SYNCS] = begins_;
  all[convey_BYTES] = outgoing_.bytes();
  return all;
}

std::int64_t conveyor::statistic(int which) const noexcept {
  if (which < 0 || which >= 2 * convey_CUMULATIVE) return -1;
  const auto index = static_cast<std::size_t>(which % convey_CUMULATIVE);
  const std::int64_t now = state_ == State::dormant ? 0 : counts()[index];
  return which < convey_CUMULATIVE ? now : before_reset_[index] + now;
}

bool conveyor::shall_print(int code) noexcept {
  if ((choice_.options & convey_opt_QUIET) != 0) return false;
  const std::uint32_t bit = 1u << static_cast<unsigned>(-code);
  const bool first = (printed_ & bit) == 0;
  printed_ |= bit;
  return first;
}
