// An emulated DPU as reports have it.
#pragma once

#include <optional>
#include <string>

#include "base/dpu_emulation.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// An object, or null without one. Keys: docs/formats/bench_json.md
Json json_of(const std::optional<DpuEmulation>& dpu);

/// "dpu is an emulation (bluefield3: its cores 2 times as slow, 1 us away, 400 Gbit/s)".
/// \param dpu such an object
std::string dpu_words(const Json& dpu);

}  // namespace buddy::tools
