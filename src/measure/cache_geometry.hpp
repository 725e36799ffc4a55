// The last-level cache, in the terms of a simulator.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.hpp"

namespace buddy::measure {

/// A set-associative cache whose number of sets is a power of two.
struct CacheGeometry {
  std::uint64_t bytes = 0;
  std::uint64_t ways = 0;
  std::uint64_t line_bytes = 64;

  std::uint64_t sets() const noexcept { return bytes / (ways * line_bytes); }
  /// As valgrind's --LL wants it: "33554432,16,64".
  std::string text() const;
  /// The same with 1/\p divisor of the bytes, as far as whole sets allow; at least one set.
  CacheGeometry divided_by(std::uint64_t divisor) const;
};

/// The cache that comes nearest to \p bytes with a power of two of sets: what does not divide makes
/// it more associative. \pre bytes >= ways * line_bytes > 0
CacheGeometry fitting_geometry(std::uint64_t bytes, std::uint64_t ways, std::uint64_t line_bytes);

/// The cache of the highest level of CPU 0. \param cpu normally /sys/devices/system/cpu/cpu0
/// Errors: system when the kernel does not describe it.
Result<CacheGeometry> last_level_cache(const std::string& cpu = "/sys/devices/system/cpu/cpu0");

}  // namespace buddy::measure
