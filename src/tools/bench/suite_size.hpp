// How large the problems of `bench paper --size memory` are: the tables and matrices that messages
// reach.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "tools/report/core_cache.hpp"

namespace buddy::tools {

/// What the user wants.
struct SuiteSize {
  enum class Kind {
    cache,   ///< small problems; each workload's options are given
    memory,  ///< as large as it makes sense
    bytes,   ///< so large
  };
  Kind kind = Kind::cache;
  std::uint64_t bytes = 0;  ///< on a rank

  std::string text() const;
};

/// "cache", "memory", or bytes. Errors: invalid_argument.
Result<SuiteSize> parse_suite_size(std::string_view text);

/// What makes the problem of a workload large, and what that costs.
struct Growth {
  enum class Unit { per_rank, of_all, logarithm_of_all };
  std::string option{};  ///< empty: there is no large problem
  Unit unit = Unit::per_rank;
  std::uint64_t unit_bytes = 8;     ///< of an entry of the table, or a row of the matrix
  double own_memory = 1;            ///< bytes that a rank takes, for each of its part
  double replicated_memory = 0;     ///< ... and for each of the whole
  std::uint64_t most_bytes = 0;     ///< on a rank; with more a run takes longer than some seconds
  std::vector<std::string> rest{};  ///< other options of the large problem
  std::uint64_t least_value = 1;    ///< that the option takes
  std::uint64_t most_value = std::uint64_t{1} << 40U;
};

/// What a rank can have.
struct RankShare {
  int ranks = 1;                 ///< of the job
  CoreCache cache{};             ///< a core's
  std::uint64_t memory_bytes{};  ///< that a rank may take

  /// A share of this machine. \param available memory; half of it may be taken
  static RankShare of(int ranks, int machines, const CoreCache& cache, std::uint64_t available);
};

/// So many times the last-level cache per core are enough, as in the paper.
inline constexpr std::uint64_t enough_caches = 100;

/// What kept a problem from being larger.
enum class SizeLimit { cache, memory, time, asked };
std::string to_string(SizeLimit limit);

/// Options of a workload for its large problem.
struct SizedProblem {
  std::vector<std::string> arguments{};
  std::uint64_t bytes_per_rank = 0;
  SizeLimit limit = SizeLimit::asked;
};

/// The largest problem within enough_caches, memory and time, or that of \p size.bytes.
/// \pre the kind of \p size is not cache, \p growth has an option
/// Errors: invalid_argument if so many bytes do not fit the memory, or the option does not go
/// there.
Result<SizedProblem> size_problem(const std::string& workload, const Growth& growth,
                                  const SuiteSize& size, const RankShare& share);

/// "512 MiB a rank, 32 times the cache (time decides ...)"
std::string format_size(const SizedProblem& problem, const RankShare& share);

}  // namespace buddy::tools
