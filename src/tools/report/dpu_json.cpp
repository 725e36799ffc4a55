#include "tools/report/dpu_json.hpp"

#include <fmt/core.h>

#include "tools/report/json.hpp"

namespace buddy::tools {

Json json_of(const std::optional<DpuEmulation>& dpu) {
  if (!dpu) return nullptr;
  return {{"slowdown", dpu->slowdown},
          {"latency_us", dpu->latency_us},
          {"gbit", dpu->gbit > 0 ? Json(dpu->gbit) : Json(nullptr)},
          {"preset", dpu->preset.empty() ? Json(nullptr) : Json(dpu->preset)}};
}

std::string dpu_words(const Json& dpu) {
  const Json& preset = dpu["preset"];
  const Json& gbit = dpu["gbit"];
  return fmt::format(
      "dpu is an emulation ({}: its cores {} times as slow, {} us away, {})",
      preset.is_string() ? preset.get<std::string>() : "--dpu", dpu["slowdown"].get<double>(),
      dpu["latency_us"].get<double>(),
      gbit.is_number() ? fmt::format("{} Gbit/s", gbit.get<double>()) : "any bandwidth");
}

}  // namespace buddy::tools
