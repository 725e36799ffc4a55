// The model that comes with this version.
#pragma once

#include <string_view>

namespace buddy::tools {

/// data/reference_model.json, as `buddy bench model --json` wrote it.
std::string_view reference_model_text();

}  // namespace buddy::tools
