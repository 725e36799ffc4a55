// Descriptions of engines that people write: schema "buddy.engine.v1".
#pragma once

#include <string>

#include "base/status.hpp"
#include "predict/engine_description.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// \param word a preset's name, an emulated DPU (slowdown=2.5,latency_us=1.2,gbit=200), or a file
/// (docs/formats/engine_json.md)
/// Errors: invalid_argument for what is neither, or a description that means nothing.
Result<predict::EngineDescription> choose_engine(const std::string& word);

/// Errors: invalid_argument.
Result<predict::EngineDescription> read_engine(const Json& json);

}  // namespace buddy::tools
