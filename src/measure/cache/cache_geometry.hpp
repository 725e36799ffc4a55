// The last-level cache, in the terms of a simulator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

/// Where the kernel describes the caches of CPU 0.
inline constexpr const char* described_cpu = "/sys/devices/system/cpu/cpu0";

/// What a simulator is asked for at most: it keeps the sizes in 32 bits.
inline constexpr std::uint64_t most_cache_bytes = std::uint64_t{1} << 30;

/// The cache of the highest level of CPU 0. \param cpu normally described_cpu
/// Errors: system when the kernel does not describe it, or describes one beyond most_cache_bytes.
Result<CacheGeometry> last_level_cache(const std::string& cpu = described_cpu);

/// Why a cache has the geometry that it is simulated with.
enum class CacheSource {
  machine,  ///< it is this machine's
  assumed,  ///< this machine's is not described
  asked,    ///< somebody named it
};
std::string_view to_string(CacheSource source);

/// A last-level cache to simulate.
struct SimulatedCache {
  CacheGeometry geometry;
  CacheSource source = CacheSource::machine;
};

/// Simulated where this machine's is not known: that of many servers.
inline constexpr CacheGeometry assumed_last_level{std::uint64_t{32} << 20, 16, 64};

/// The cache that was \p asked for, else this machine's, else assumed_last_level.
/// \param cpu normally described_cpu
SimulatedCache cache_to_simulate(const std::optional<CacheGeometry>& asked,
                                 const std::string& cpu = described_cpu);

}  // namespace buddy::measure
