// Something that is due every so often.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace buddy {

/// Threads: one.
class NowAndThen {
 public:
  explicit NowAndThen(std::uint64_t interval_ns) : interval_ns_(interval_ns) {}

  /// True when the interval has passed since it was true last. Cost: a coarse clock.
  bool due() noexcept {
    const std::uint64_t now = coarse_ns();
    if (now - last_ns_ < interval_ns_) return false;
    last_ns_ = now;
    return true;
  }

 private:
  std::uint64_t interval_ns_;
  std::uint64_t last_ns_ = coarse_ns();
};

}  // namespace buddy
