// Emulated DPUs on the command line of what predicts for them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "predict/engine_description.hpp"
#include "tools/report/json_numbers.hpp"

namespace buddy::tools {

// As --dpu takes them.
inline constexpr Range emulated_slowdown{1, 1000};
inline constexpr Range emulated_latency_us{0, 1e6};
inline constexpr Range emulated_gbit{0.001, 1e6};

/// "slowdown=1.5,2.5,4": one for each slowdown; latency_us and gbit, as in --dpu, are those of all.
/// A preset of --dpu stands for its figures.
/// \param option that took it, for messages
/// Errors: invalid_argument.
Result<std::vector<predict::EmulatedDpu>> parse_emulated_dpus(const std::string& text,
                                                              std::string_view option = "--dpu");

/// Whether \p word describes an emulated DPU, as opposed to naming a file.
bool describes_dpu(const std::string& word);

}  // namespace buddy::tools
