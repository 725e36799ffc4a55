// An emulated DPU as reports have it.
#pragma once

#include <optional>

#include "base/dpu_emulation.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// An object, or null without one. Keys: docs/formats/bench_json.md
Json json_of(const std::optional<DpuEmulation>& dpu);

}  // namespace buddy::tools
