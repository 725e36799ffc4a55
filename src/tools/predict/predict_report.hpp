// The document of `buddy predict --json`: schema "buddy.predict.v1".
#pragma once

#include <string>
#include <vector>

#include "predict/engine_description.hpp"
#include "tools/predict/model_document.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// \param profile the document that \p run was read from
/// docs/formats/predict_json.md
Json predict_report(const Json& profile, const predict::HostRun& run,
                    const predict::EngineDescription& engine, const Model& model,
                    const std::vector<std::string>& command);

/// The same for people.
std::string format_prediction(const Json& report);

}  // namespace buddy::tools
