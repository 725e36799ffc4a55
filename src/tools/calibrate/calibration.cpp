#include "tools/calibrate/calibration.hpp"

#include <fmt/core.h>

#include <initializer_list>

#include "launch/process/cpu_list.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

Json figure_to_json(const std::optional<measure::Spread>& figure) {
  if (!figure) return nullptr;
  return {{"median", figure->median}, {"min", figure->min}, {"max", figure->max}};
}

/// Four significant digits, so that picoseconds show.
std::string digits(double value) { return fmt::format("{:.4g}", value); }

}  // namespace

Json Calibration::to_json() const {
  Json document;
  document["schema"] = calibration_schema;
  document["machine"] = *machine;
  document["command"] = command;
  document["cpus"] = cpus;
  for (const measure::Cost& cost : measure::costs) {
    document["costs"][std::string(cost.key)] = figure_to_json(this->*cost.figure);
  }
  return document;
}

std::string format_calibration(const Calibration& calibration) {
  std::string text =
      fmt::format("CPU {}: medians with their range\n", launch::format_cpu_list(calibration.cpus));
  const auto row = [&text](std::string_view what, std::string_view median, std::string_view min,
                           std::string_view max, std::string_view unit) {
    text += fmt::format("{:<52} {:>9} {:>9} {:>9}  {}\n", what, median, min, max, unit);
  };
  row("", "median", "min", "max", "");
  for (const measure::Cost& cost : measure::costs) {
    const std::optional<measure::Spread>& figure = calibration.*cost.figure;
    if (figure) {
      row(cost.text, digits(figure->median), digits(figure->min), digits(figure->max), cost.unit);
    } else {
      row(cost.text, "-", "-", "-", cost.unit);
    }
  }
  return text;
}

}  // namespace buddy::tools
