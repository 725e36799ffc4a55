#include "tools/study/study_engine.hpp"

#include <fmt/core.h>

#include "tools/report/json.hpp"
#include "tools/study/study_figures.hpp"

namespace buddy::tools {
namespace {

double number_or_0(const Json& value) { return value.is_number() ? value.get<double>() : 0; }

}  // namespace

std::string StudyEngine::heading() const {
  if (!emulated) return "engine";
  std::string text = fmt::format("{:g} times as slow", slowdown);
  if (latency_us > 0) text += fmt::format(", {:g} us away", latency_us);
  if (gbit > 0) text += fmt::format(", {:g} Gbit/s", gbit);
  return text;
}

StudyEngine engine_of(const Json& point) {
  if (member(point, {"of"}) != "dpu") return {};
  return {.emulated = true,
          .slowdown = number_or_0(member(point, {"slowdown"})),
          .latency_us = number_or_0(member(point, {"dpu", "latency_us"})),
          .gbit = number_or_0(member(point, {"dpu", "gbit"}))};
}

}  // namespace buddy::tools
