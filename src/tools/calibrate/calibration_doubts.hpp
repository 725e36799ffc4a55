// Whether a calibration is worth keeping.
#pragma once

#include "launch/job_load.hpp"
#include "measure/verdict.hpp"
#include "tools/calibrate/calibration.hpp"

namespace buddy::tools {

/// A sleeping core of a machine at rest is awake within this time, us.
inline constexpr double most_wake_us = 1000;
/// The median round of a machine at rest takes less than this factor more than the fastest one. The
/// distance of cores is left out: virtual ones change places.
inline constexpr double most_round_spread = 10;

/// What speaks against \p calibration; empty if it may be kept.
/// \param load of its CPUs while it was measured
measure::Doubts doubts_about(const Calibration& calibration, const launch::JobLoad& load);

}  // namespace buddy::tools
