#include "tools/calibrate/calibration_doubts.hpp"

#include <fmt/core.h>

#include "tools/report/job_cpu_use.hpp"

namespace buddy::tools {
namespace {

std::optional<measure::Doubt> doubt_rounds(const measure::Cost& cost,
                                           const measure::Spread& figure) {
  if (cost.key == "core_distance_ns" || figure.median <= most_round_spread * figure.min) {
    return std::nullopt;
  }
  return measure::Doubt{
      measure::DoubtKind::spread,
      fmt::format("{} took {:.3g} {} in half of the rounds, {:.3g} in the fastest one (something "
                  "disturbed the others) measure again on a quiet machine",
                  cost.text, figure.median, cost.unit, figure.min)};
}

std::optional<measure::Doubt> doubt_wake(const std::optional<measure::Spread>& wake_us) {
  if (!wake_us || wake_us->median <= most_wake_us) return std::nullopt;
  return measure::Doubt{
      measure::DoubtKind::implausible,
      fmt::format("waking a thread took {:.0f} us (on a machine at rest it takes less than {:.0f}) "
                  "measure again on a quiet machine",
                  wake_us->median, most_wake_us)};
}

}  // namespace

measure::Doubts doubts_about(const Calibration& calibration, const launch::JobLoad& load) {
  measure::Doubts doubts;
  const auto add = [&](std::optional<measure::Doubt> doubt) {
    if (doubt) doubts.push_back(std::move(*doubt));
  };
  // Any other work on the two CPUs changes caches and wake-ups, whether somebody waited or not.
  add(measure::doubt_cpu("the measuring threads",
                         {load.own_cpu_seconds, load.others_cpu_seconds.value_or(0)}));
  add(measure::doubt_stolen(stolen_use(load)));
  add(measure::doubt_throttled(throttled_use(load)));
  add(doubt_wake(calibration.wake_us));
  for (const measure::Cost& cost : measure::costs) {
    if (const auto& figure = calibration.*cost.figure) add(doubt_rounds(cost, *figure));
  }
  return doubts;
}

}  // namespace buddy::tools
