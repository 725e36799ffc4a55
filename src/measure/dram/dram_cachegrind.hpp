// Memory traffic from valgrind's simulation of the caches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "measure/cache/cache_geometry.hpp"

namespace buddy::measure {

/// Misses of the simulated last-level cache.
struct CacheMisses {
  std::uint64_t instructions = 0;        ///< executed while counting
  std::uint64_t instruction_misses = 0;  ///< ILmr
  std::uint64_t read_misses = 0;         ///< DLmr
  std::uint64_t write_misses = 0;        ///< DLmw

  std::uint64_t bytes(std::uint64_t line_bytes) const noexcept {
    return (instruction_misses + read_misses + write_misses) * line_bytes;
  }
  CacheMisses& operator+=(const CacheMisses& other) noexcept;
};

/// What of a process is counted.
enum class Counted {
  process,  ///< all of it, from its first instruction (cachegrind)
  region,   ///< what lies between two marks in the program (callgrind)
};

/// "cachegrind", or "callgrind, region".
std::string_view method_name(Counted counted);

/// Path of valgrind. Errors: system when it is not in PATH.
Result<std::string> find_valgrind();

/// Words to put in front of a program. Every process writes a file \p prefix followed by its
/// number. The cache is warm where a region begins: what comes before it is simulated, and not
/// counted. All caches are named: first levels of 32 KiB and 8 ways, whatever this machine has.
std::vector<std::string> valgrind_words(const std::string& valgrind, Counted counted,
                                        const CacheGeometry& cache, const std::string& prefix);

/// Reads a file of cachegrind or callgrind.
/// Errors: corrupt when it is not such a file or was not finished.
Result<CacheMisses> read_cache_misses(const std::string& path);
/// Sum over all files in \p folder whose name begins with \p prefix. \pre at least one
Result<CacheMisses> sum_cache_misses(const std::string& folder, std::string_view prefix);

}  // namespace buddy::measure
