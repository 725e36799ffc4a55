// A study as a page of text: study.md.
#pragma once

#include <string>

#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// \param document as study_document() makes it; its figures may be odd or missing
std::string study_text(const Json& document);

}  // namespace buddy::tools
