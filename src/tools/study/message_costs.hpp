// What a message costs ranks and engines, and the speedup that this leads to expect.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// CPU time of one message, counted where both run on the same cores.
struct MessageCosts {
  std::string program;
  double rank_ns = 0;    ///< of the ranks' own work
  double engine_ns = 0;  ///< of its routing

  /// Over the same cores doing both, of an engine that is so many times as slow: the longer of both
  /// remains, as they go on at the same time.
  double expected_speedup(double slowdown) const;
  /// How slow an engine may be before it is a loss.
  double turns_at() const { return 1 + rank_ns / engine_ns; }
};

/// Of each program that was measured in `shared`, as far as its CPU times are known.
/// \param programs of the figures of a study: docs/formats/study_json.md
std::vector<MessageCosts> message_costs(const Json& programs);

/// Those of a program, or nothing.
std::optional<MessageCosts> find_costs(const std::vector<MessageCosts>& all,
                                       const std::string& program);

}  // namespace buddy::tools
