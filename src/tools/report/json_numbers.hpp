// Numbers of documents that may hold anything: every one has a range.
#pragma once

#include <optional>
#include <string>

#include "tools/report/json.hpp"

namespace buddy::tools {

/// Values that make sense, both ends included.
struct Range {
  double least;
  double most;
  bool whole = false;

  bool has(double number) const;
};

/// docs/formats/README.md, "Numbers". No figure that is derived from numbers in these ranges
/// overflows.
namespace ranges {
inline constexpr Range run_seconds{1e-9, 1e9};         ///< how long a run took
inline constexpr Range part_seconds{0, 1e9};           ///< a part of it, or CPU time
inline constexpr Range share{0, 1};                    ///< a part of something
inline constexpr Range amount{0, 1e18};                ///< messages, bytes, blocks, their ratios
inline constexpr Range processes{1, 1'000'000, true};  ///< ranks, nodes
inline constexpr Range cpu_number{0, 1'000'000, true};
inline constexpr Range cost{1e-6, 1e12};  ///< ns or us that something takes
inline constexpr Range core_distance_ns{0, 1e12};
inline constexpr Range factor{0.001, 1000};  ///< speeds, relative to others
inline constexpr Range gb_per_s{0.001, 1e6};
inline constexpr Range work_units{0, 1e9, true};
}  // namespace ranges

/// Reads members one by one, and remembers the first that is not what it should be.
class NumberReader {
 public:
  /// The number under \p key. \return range.least if there is none, or none in the range
  double required(const Json& object, const char* key, const Range& range);
  /// The same where nothing or null may stand.
  std::optional<double> optional(const Json& object, const char* key, const Range& range);
  /// A problem that the caller has found.
  void complain(const std::string& problem);

  /// What was wrong first: "'speed' is 1e-320, not 0.001 to 1000"; empty if nothing was.
  const std::string& problem() const { return problem_; }

 private:
  double read(const Json& value, const char* key, const Range& range);

  std::string problem_;
};

}  // namespace buddy::tools
