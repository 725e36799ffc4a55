// The engines that a study compares: tables have a column for each.
#pragma once

#include <compare>
#include <string>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// An engine, or an emulated DPU with all that makes it another one.
struct StudyEngine {
  auto operator<=>(const StudyEngine&) const = default;

  bool emulated = false;
  double slowdown = 1;
  double latency_us = 0;
  double gbit = 0;  ///< 0: no limit

  /// "engine", "2.5 times as slow, 1 us away, 400 Gbit/s".
  std::string heading() const;
};

/// That a speedup was measured on. \param point of the figures of a study
StudyEngine engine_of(const Json& point);

}  // namespace buddy::tools
