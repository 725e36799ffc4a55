#include "wire.hpp"

#include <algorithm>
#include <cstring>

namespace buddy::convey {

void size_for(Shape& shape) noexcept {
  constexpr std::size_t kib = 1024;
  const std::size_t share = 1024 * kib / shape.pes;
  shape.lane_bytes = std::clamp(share / line_bytes * line_bytes, 4 * line_bytes, max_pack_bytes);
  shape.window_bytes = std::max(4 * charge_of(shape.lane_bytes), std::min(share, 128 * kib));
}

bool holds_whole_items(const Shape& shape, std::span<const std::byte> items) noexcept {
  if (items.size() > shape.lane_bytes) return false;
  if (!shape.elastic) return items.size() % shape.item_bytes == 0;
  std::size_t offset = 0;
  while (offset < items.size()) {
    const std::size_t begin = data_offset(offset, shape.align);
    if (begin > items.size()) return false;
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, items.data() + size_offset(offset), sizeof bytes);
    if (bytes > items.size() - begin) return false;
    offset = begin + bytes;
  }
  return true;
}

}  // namespace buddy::convey
