// Compares the cache model with cachegrind on the same accesses.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "measure/cache/cache_model.hpp"
#include "measure/cache/trace_file.hpp"

namespace buddy::tools {

/// Misses of both, lines. cachegrind knows two levels: the core's two, of the sizes given.
struct CrossCheck {
  std::uint64_t accesses = 0;  ///< lines loaded and stored
  std::uint64_t model_first_misses = 0;
  std::uint64_t cachegrind_first_misses = 0;
  std::uint64_t model_misses = 0;  ///< of the second level: what goes further
  std::uint64_t cachegrind_misses = 0;

  /// The larger of the two differences between model and cachegrind, relative to cachegrind.
  double difference() const;
};

/// Largest difference() at which the two agree.
inline constexpr double cross_check_limit = 0.10;

/// Repeats what the engine's core did in \p trace, up to a few million lines, in the model and on
/// real memory under valgrind. Everything else in the trace is left out, since cachegrind knows
/// neither devices nor other cores.
/// \param folder for the files of it
/// \param self this command
/// \param stop ends valgrind
/// Errors: invalid_argument without valgrind or with sizes that it cannot do; system.
Result<CrossCheck> cross_check(const measure::Trace& trace, const measure::CacheOptions& cache,
                               const std::string& folder, const std::string& self,
                               const std::stop_token& stop = {});

/// Sums of a cachegrind file over the functions that touch memory.
/// Errors: corrupt, when the file has no such sums.
Result<CrossCheck> read_cachegrind(const std::string& text);

/// Name of the internal command that repeats accesses: `buddy touch-trace FILE`.
inline constexpr const char* touch_command = "touch-trace";
/// \return exit code
int touch_trace(const std::string& path);

}  // namespace buddy::tools
