// What profiled ranks have written about themselves.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace buddy::tools {

/// One rank's region of interest: docs/formats/rank_profile.md. All numbers are whole and exact in
/// a double up to 2^53.
struct RankProfile {
  std::string host;
  std::string fabric;
  std::string routing;
  std::map<std::string, double, std::less<>> numbers;

  /// The number under \p key. \pre it is there; read_rank_profile() checks all that are used
  double operator[](std::string_view key) const { return numbers.find(key)->second; }
  /// The same where it may be missing.
  std::optional<double> find(std::string_view key) const;
  /// The same of a time in ns, in seconds.
  double seconds(std::string_view key) const { return (*this)[key] * 1e-9; }
};

/// Errors: corrupt for anything that is not a complete profile of this version.
Result<RankProfile> parse_rank_profile(std::string_view text);

/// One profile per rank, in their order, from all files in \p folder. A rank that had several
/// communicators is reported by the one that took longest; messages and bytes are added up. Those
/// without a marked region count only if none has one.
/// Errors: no_engine if there is none, corrupt.
Result<std::vector<RankProfile>> read_rank_profiles(const std::string& folder);

}  // namespace buddy::tools
