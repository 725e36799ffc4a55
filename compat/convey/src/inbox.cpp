#include "inbox.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace buddy::convey {

void Inbox::begin(const Shape& shape) {
  shape_ = shape;
  // Besides what windows allow: the open pack, whose bytes may be used again already, and what is
  // left unused at the end of the ring.
  capacity_ = shape.pes * shape.window_bytes + 2 * charge_of(shape.lane_bytes);
  ring_.need(capacity_);
  head_ = tail_ = last_ = packs_ = 0;
  has_open_ = false;
  owed_.assign(shape.pes, 0);
  due_.clear();
  arriving_.clear();
  large_memory_.clear();
}

void Inbox::give_back_memory() noexcept {
  ring_.release();
  large_memory_.clear();
  has_open_ = false;
  packs_ = 0;
}

// ---- arriving -------------------------------------------------------------------------------

Inbox::Line* Inbox::extend(std::size_t bytes) noexcept {
  const std::size_t stride = charge_of(bytes);
  if (packs_ == 0) head_ = tail_ = 0;  // the same memory again and again stays in the caches
  const bool wrapped = packs_ != 0 && tail_ <= head_;
  if (!wrapped && tail_ + stride > capacity_) {
    if (packs_ == 0 || stride > head_) return nullptr;
    at(last_)->stride += capacity_ - tail_;
    tail_ = 0;
  } else if (wrapped && tail_ + stride > head_) {
    return nullptr;
  }
  Line* const line = at(tail_);
  last_ = tail_;
  tail_ += stride;
  line->stride = stride;
  line->bytes = bytes;
  line->large = nullptr;
  ++packs_;
  return line;
}

bool Inbox::append(std::uint32_t source, std::span<const std::byte> items) {
  Line* const line = extend(items.size());
  if (line == nullptr) return false;
  line->source = source;
  line->charge = static_cast<std::uint32_t>(charge_of(items.size()));
  std::memcpy(line + 1, items.data(), items.size());
  return true;
}

bool Inbox::append_piece(std::uint32_t source, std::span<const std::byte> piece, std::size_t whole,
                         bool is_first) {
  Large& large = arriving_[source];
  if (is_first) {
    large = {};
    large.whole = whole;
    large.memory.need(whole);
  }
  if (large.whole != whole || piece.size() > whole - large.arrived) return false;
  std::memcpy(large.memory.data() + large.arrived, piece.data(), piece.size());
  large.arrived += piece.size();
  if (large.arrived < whole) return true;
  const bool fits = finish_large(source, large);
  arriving_.erase(source);
  return fits;
}

bool Inbox::append_large(std::uint32_t source, std::span<const std::byte> item) {
  return append_piece(source, item, item.size(), true);
}

bool Inbox::finish_large(std::uint32_t source, Large& large) {
  Line* const line = extend(0);
  if (line == nullptr) return false;
  line->source = source;
  line->bytes = large.whole;
  line->charge = static_cast<std::uint32_t>(charge_of(large.whole));
  line->large = large.memory.data();
  large_memory_.emplace(line->large, std::move(large.memory));
  return true;
}

// ---- reading --------------------------------------------------------------------------------

bool Inbox::open_next() {
  if (has_open_) finish_open();
  if (!has_more()) return false;
  if (has_open_) pop();
  Line* const line = at(head_);
  open_ = {line->large != nullptr ? line->large : reinterpret_cast<char*>(line + 1), line->bytes,
           line->source, line->large != nullptr};
  has_open_ = true;
  open_is_owed_ = false;
  return true;
}

void Inbox::finish_open() noexcept {
  if (std::exchange(open_is_owed_, true)) return;
  const std::uint32_t source = open_.source;
  const std::size_t enough = shape_.window_bytes / 4;
  const bool was_due = owed_[source] >= enough;
  owed_[source] += at(head_)->charge;
  if (!was_due && owed_[source] >= enough) due_.push_back(source);
}

void Inbox::pop() noexcept {
  const Line* const line = at(head_);
  if (line->large != nullptr) large_memory_.erase(line->large);
  head_ += line->stride;
  if (head_ == capacity_) head_ = 0;
  --packs_;
}

}  // namespace buddy::convey
