// The document of `buddy predict --json`: schema "buddy.predict.v1".
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "predict/engine_description.hpp"
#include "tools/model_document.hpp"

namespace buddy::tools {

/// \param profile the document that \p run was read from
/// docs/formats/predict_json.md
nlohmann::ordered_json predict_report(const nlohmann::ordered_json& profile,
                                      const predict::HostRun& run,
                                      const predict::EngineDescription& engine, const Model& model,
                                      const std::vector<std::string>& command);

/// The same for people.
std::string format_prediction(const nlohmann::ordered_json& report);

}  // namespace buddy::tools
