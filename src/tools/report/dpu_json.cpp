#include "tools/report/dpu_json.hpp"

#include "tools/report/json.hpp"

namespace buddy::tools {

Json json_of(const std::optional<DpuEmulation>& dpu) {
  if (!dpu) return nullptr;
  return {{"slowdown", dpu->slowdown},
          {"latency_us", dpu->latency_us},
          {"gbit", dpu->gbit > 0 ? Json(dpu->gbit) : Json(nullptr)},
          {"preset", dpu->preset.empty() ? Json(nullptr) : Json(dpu->preset)}};
}

}  // namespace buddy::tools
