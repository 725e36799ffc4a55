#include "outgoing.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "conveyor.hpp"
#include "world.hpp"

namespace buddy::convey {
void Outgoing::begin(const Shape& shape) {
  shape_ = shape;
  stride_ = line_bytes + shape.lane_bytes;
  memory_.need(stride_ * shape.pes);
  lanes_.resize(shape.pes);
  // An item that fits no lane finds every lane full.
  const std::size_t fit = shape.elastic ? 0 : shape.lane_bytes / shape.item_bytes;
  for (std::size_t pe = 0; pe < shape.pes; ++pe) {
    lanes_[pe] = {base(pe), base(pe) + fit * shape.item_bytes};
  }
  charged_.assign(shape.pes, 0);
  in_lane_.assign(shape.elastic ? shape.pes : 0, 0);
  // Not all PEs begin with the same one.
  to_end_.resize(shape.pes);
  std::iota(to_end_.begin(), to_end_.end(), 0u);
  std::rotate(to_end_.begin(), to_end_.begin() + self_.rank(), to_end_.end());
}

void Outgoing::give_back_memory() noexcept {
  memory_.release();
  lanes_ = {};
}

// ---- pushing --------------------------------------------------------------------------------

int Outgoing::push(const void* item, std::size_t pe) {
  if (shape_.item_bytes > shape_.lane_bytes) return push_large(shape_.item_bytes, item, pe);
  buddy_convey_lane& lane = lanes_[pe];
  if (lane.next == lane.limit && !flush(pe)) return convey_FAIL;
  std::memcpy(lane.next, item, shape_.item_bytes);
  lane.next += shape_.item_bytes;
  return convey_OK;
}

int Outgoing::epush(std::size_t bytes, const void* item, std::size_t pe) {
  if (data_offset(0, shape_.align) + bytes > shape_.lane_bytes) return push_large(bytes, item, pe);
  std::size_t offset = size_offset(filled(pe));
  if (data_offset(offset, shape_.align) + bytes > shape_.lane_bytes || large_.count(pe) != 0) {
    if (!flush(pe)) return convey_FAIL;
    offset = 0;
  }
  const auto size = static_cast<std::uint32_t>(bytes);
  std::memcpy(base(pe) + offset, &size, sizeof size);
  const std::size_t at = data_offset(offset, shape_.align);
  if (bytes != 0) std::memcpy(base(pe) + at, item, bytes);
  lanes_[pe].next = base(pe) + at + bytes;
  ++in_lane_[pe];
  return convey_OK;
}

int Outgoing::push_large(std::size_t bytes, const void* item, std::size_t pe) {
  if (!flush(pe)) return convey_FAIL;
  const std::size_t charge = charge_of(bytes);
  // What a receiver owes of what it has pulled is less than that.
  if (charged_[pe] > shape_.window_bytes / 2) return convey_FAIL;
  const std::span whole(static_cast<const std::byte*>(item), bytes);
  if (pe == static_cast<std::size_t>(self_.rank())) {
    self_.take_own_large(whole);
  } else {
    const std::size_t sent = send_pieces(pe, whole, 0);
    if (sent == 0) return convey_FAIL;
    if (sent < bytes) large_[pe] = {{whole.begin(), whole.end()}, sent};
  }
  charged_[pe] += charge;
  ++pushed_;
  return convey_OK;
}

std::size_t Outgoing::send_pieces(std::size_t pe, std::span<const std::byte> item,
                                  std::size_t sent) {
  std::array<std::byte, sizeof(PackHeader) + max_pack_bytes> message{};
  while (sent < item.size()) {
    const std::size_t piece = std::min(max_pack_bytes, item.size() - sent);
    const PackHeader first =
        header(sent == 0 ? kind_first_piece : kind_piece, static_cast<std::uint32_t>(item.size()));
    std::memcpy(message.data(), &first, sizeof first);
    std::memcpy(message.data() + sizeof first, item.data() + sent, piece);
    if (!self_.world().try_send(pe, std::span(message).first(sizeof first + piece))) break;
    sent += piece;
    ++packs_;
    bytes_ += static_cast<std::int64_t>(piece);
  }
  return sent;
}

bool Outgoing::finish_large(std::size_t pe) {
  const auto found = large_.find(pe);
  if (found == large_.end()) return true;
  Rest& rest = found->second;
  rest.sent = send_pieces(pe, rest.item, rest.sent);
  if (rest.sent < rest.item.size()) return false;
  large_.erase(found);
  return true;
}

// ---- sending --------------------------------------------------------------------------------

PackHeader Outgoing::header(std::uint32_t kind, std::uint32_t value) const noexcept {
  return {self_.number(), static_cast<std::uint32_t>(self_.rank()),
          shape_.epoch << kind_bits | kind, value};
}

bool Outgoing::has_room(std::size_t pe, std::size_t charge) const noexcept {
  return charged_[pe] + charge <= shape_.window_bytes;
}

bool Outgoing::flush(std::size_t pe, std::uint32_t kind) {
  if (!large_.empty() && !finish_large(pe)) return false;
  const std::size_t bytes = filled(pe);
  if (bytes == 0 && kind == kind_items) return true;
  const std::size_t charge = bytes == 0 ? 0 : charge_of(bytes);
  if (charge != 0 && !has_room(pe, charge)) return false;
  const std::span items(reinterpret_cast<const std::byte*>(base(pe)), bytes);
  const PackHeader first = header(kind, 0);
  if (pe == static_cast<std::size_t>(self_.rank())) {
    self_.receive(first, items);
  } else {
    std::memcpy(base(pe) - sizeof first, &first, sizeof first);
    const std::span message(items.data() - sizeof first, sizeof first + bytes);
    if (!self_.world().try_send(pe, message)) return false;
    ++packs_;
    bytes_ += static_cast<std::int64_t>(bytes);
  }
  charged_[pe] += charge;
  if (shape_.elastic) {
    pushed_ += std::exchange(in_lane_[pe], 0);
  } else {
    pushed_ += static_cast<std::int64_t>(bytes / shape_.item_bytes);
  }
  lanes_[pe].next = base(pe);
  return true;
}

bool Outgoing::flush_all() {
  bool moved = false;
  for (std::size_t pe = 0; pe < lanes_.size(); ++pe) {
    if (filled(pe) != 0 || large_.count(pe) != 0) moved = flush(pe) || moved;
  }
  return moved;
}

bool Outgoing::send_rests() {
  if (large_.empty()) return false;
  std::vector<std::size_t> waiting;
  for (const auto& [pe, rest] : large_) waiting.push_back(pe);
  bool moved = false;
  for (const std::size_t pe : waiting) moved = finish_large(pe) || moved;
  return moved;
}

bool Outgoing::end_all() {
  if (!to_end_.empty()) {
    std::erase_if(to_end_, [this](std::uint32_t pe) { return flush(pe, kind_end); });
  }
  return to_end_.empty();
}

// ---- counts ---------------------------------------------------------------------------------

std::int64_t Outgoing::pushes() const noexcept {
  std::int64_t all = pushed_;
  for (const std::uint32_t items : in_lane_) all += items;
  if (shape_.elastic || shape_.item_bytes == 0) return all;
  for (std::size_t pe = 0; pe < lanes_.size(); ++pe) {
    const char* const first = memory_.data() + pe * stride_ + line_bytes;
    all += (lanes_[pe].next - first) / static_cast<std::ptrdiff_t>(shape_.item_bytes);
  }
  return all;
}

void Outgoing::clear_counts() noexcept {
  pushed_ = 0;
  packs_ = 0;
  bytes_ = 0;
}

}  // namespace buddy::convey
