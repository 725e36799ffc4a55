// Measuring all costs of the message path on one machine.
#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "tools/calibrate/calibration.hpp"

namespace buddy::tools {

/// What can go wrong without spoiling the rest.
using CalibrationNote = std::function<void(const std::string&)>;

/// Takes 2 to 5 seconds, if nobody disturbs.
inline constexpr int usual_rounds = 25;

/// Fills in the figures of \p calibration for its CPUs: the first one works, the second one is at
/// the other end of rings and doorbells. With one CPU only what needs no other is measured.
///
/// All costs take turns, in several rounds after a warm-up, so that what disturbs the machine for a
/// while meets all of them; a figure is the median of the rounds, whose values are medians of many
/// short runs. Takes at most 30 seconds, and ends soon when asked to stop.
/// Threads: keeps the calling one on the first CPU; starts others and ends them.
/// \param note hears in one sentence why something was left out
void measure_costs(Calibration& calibration, int rounds, const std::stop_token& stop,
                   const CalibrationNote& note);

}  // namespace buddy::tools
