#include "wire.hpp"

#include <algorithm>

namespace buddy::convey {

void size_for(Shape& shape) noexcept {
  constexpr std::size_t kib = 1024;
  const std::size_t share = 1024 * kib / shape.pes;
  shape.lane_bytes = std::clamp(share / line_bytes * line_bytes, 4 * line_bytes, max_pack_bytes);
  shape.window_bytes = std::max(4 * charge_of(shape.lane_bytes), std::min(share, 128 * kib));
}

}  // namespace buddy::convey
