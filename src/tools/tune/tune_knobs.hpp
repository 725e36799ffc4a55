// Which knobs a search turns, and where they stand without it.
#pragma once

#include <string>
#include <vector>

#include "launch/job_plan.hpp"
#include "tools/tune/tune_setting.hpp"

namespace buddy::tools {

/// One knob of a search.
struct TuneKnob {
  std::string option;     ///< "--block"
  std::string why_not{};  ///< it is turned; empty: it is
};

struct TuneKnobs {
  TuneSetting usual;
  TuneBounds bounds;
  std::vector<TuneKnob> knobs;  ///< all, in the order of a setting

  bool turns_any() const;
};

/// Knobs that the user has set stay as they are, and so do those that do nothing in this placement.
/// \param plan of \p options
TuneKnobs tune_knobs(const launch::JobOptions& options, bool workers_given,
                     const launch::JobPlan& plan);

}  // namespace buddy::tools
